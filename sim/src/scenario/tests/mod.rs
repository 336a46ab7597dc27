//! What scenarios may say, and that their print says the same.
use super::*;
use crate::scenario::verb::VERB_NAMES;
use dm_model::errno::Code;

mod bad_files;
mod bad_kernels;
mod bad_lines;
mod bad_names;
mod kernels;
mod mutation;
mod record;

const ERAS: [&str; 4] = ["2.6.19", "series:1", "series:7", "2.6.20"];

/// Every verb in every form.
const ALL: &str = r#"# Everything that a scenario can say.
#
#   An indented comment.
era: 2.6.20 2.6.19 series:1
# Why it is for the model alone:
mode: rq bio
model-only: it steps "processes" one by one

# Two paths to one LUN.
disk sda 2048
disk sdb 2048 lun sda
create mp
  0 1024 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 2 1 8:0 1000 8:16 1000
  # between the lines of a table
  1024 1024 zero
create mp2 --table "0 1024 linear /dev/sda 0"
create mp3 --notable
load mp3
	0 8 error
reload --table "0 16 zero" mp3
clear mp3
suspend mp3 --nolockfs --noflush
resume mp3
resume mp --noflush --nolockfs --tag r
suspend mp --noflush --tag s &
remove mp3 --tag gone &
message mp 0 fail_path 8:0
message mp 0 "fail_path 8:0" "" \
  "&"
status mp
status mp --noflush
table mp
info mp
io 1 mp w 0 32
io 2 sda r 8 1 readahead
io 3 mp w 4294967295 1 fsync
signal s
wait s
wait 1
remove mp3 --deferred
hold sda
release sda ok
release sda error
unplug sda
replug sda
unplug sda
replug sda as sdc
offline sdc
running sdc
medium sdc 0 8
delay sdc 10
fault bdget mp
fault lock_fs mp
fault preresume mp
fault pg_init mp fail_path
fault pg_init sda bypass_pg
fault pg_init mp retry
fault verdict mp map 2
fault verdict mp end_io -5
step mp#1/0.process_queued_ios
step a.0 until Q2.up_read
# That was it.
----
one line

  and # another
---- kernel 6.1 6.12.117+deb12-amd64
# The function of the kernel: why it differs,
#
#   and more of it.
one line
# that is no reason
---- 2.6.19 series:1
---- kernel 6.1 rq
"#;

fn good(text: &str) -> Scenario {
    match parse("dir/all.scn", text, &ERAS) {
        Ok(scenario) => scenario,
        Err(error) => panic!("{error}"),
    }
}

/// The error of a whole file.
fn wrong_file(text: &str) -> String {
    parse("t.scn", text, &ERAS).expect_err(text).to_string()
}

/// The error of lines that follow three good ones.
fn wrong(body: &str) -> String {
    let top = "era: 2.6.20 2.6.19\ndisk sda 2048\ncreate mp --notable\n";
    wrong_file(&format!("{top}{body}\n"))
}

fn verbs(body: &str) -> Vec<Verb> {
    let text =
        format!("era: 2.6.20\nmodel-only: a test\ndisk sda 9\ncreate mp --notable\n{body}\n");
    good(&text).lines.into_iter().skip(2).map(|line| line.verb).collect()
}

#[test]
fn every_verb_is_in_the_text_of_all_verbs() {
    let scenario = good(ALL);
    for verb in VERB_NAMES {
        let is_verb = |line: &&Line| line.text.split(' ').next() == Some(verb);
        assert!(scenario.lines.iter().any(|line| is_verb(&line)), "no line says {verb}");
    }
    assert_eq!(scenario.lines.len(), 47);
}

#[test]
fn the_print_parses_to_an_equal_scenario() {
    let scenario = good(ALL);
    let printed = scenario.to_string();
    let again = good(&printed);
    assert_eq!(again.clone().without_positions(), scenario.without_positions());
    assert_eq!(again.to_string(), printed);
}

#[test]
fn the_text_of_every_verb_parses_to_an_equal_verb() {
    let mut scenario = good(ALL);
    for line in &mut scenario.lines {
        *line = Line { prose: line.prose.clone(), ..Line::new(line.verb.clone()) };
    }
    let verbs = |scenario: Scenario| -> Vec<Verb> {
        scenario.without_positions().lines.into_iter().map(|line| line.verb).collect()
    };
    let again = good(&scenario.to_string());
    assert_eq!(verbs(again), verbs(scenario));
}

#[test]
fn the_header_says_eras_modes_and_reason() {
    let scenario = good(ALL);
    assert_eq!(scenario.name, "all");
    assert_eq!(scenario.header.eras, ["2.6.20", "2.6.19", "series:1"]);
    assert_eq!(scenario.header.modes, [Mode::Rq, Mode::Bio]);
    let reason = "it steps \"processes\" one by one";
    assert_eq!(scenario.header.model_only.as_deref(), Some(reason));
    assert_eq!(good("mode: rq\nera: 2.6.19\ndisk a 1").header.modes, [Mode::Rq]);
}

#[test]
fn the_mode_is_bio_when_the_header_does_not_say() {
    assert_eq!(good("era:2.6.19\ndisk a 1").header.modes, [Mode::Bio]);
}

#[test]
fn prose_is_kept_where_it_stood() {
    let scenario = good(ALL);
    let top = ["Everything that a scenario can say.", "", "  An indented comment."];
    assert_eq!(scenario.prose[..3], top);
    assert_eq!(scenario.prose[3], "Why it is for the model alone:");
    assert_eq!(scenario.lines[0].prose, ["Two paths to one LUN."]);
    assert_eq!(scenario.lines[3].prose, ["between the lines of a table"]);
    assert_eq!(scenario.afterword, ["That was it."]);
}

#[test]
fn lines_know_their_place_and_their_text() {
    let scenario = good(ALL);
    let line = &scenario.lines[2];
    assert_eq!((line.number, line.column, line.text.as_str()), (12, 1, "create mp"));
    let line = &scenario.lines[6];
    assert_eq!((line.number, line.text.as_str()), (21, "reload mp3"));
    let line = &scenario.lines[14];
    assert_eq!(line.text, r#"message mp 0 "fail_path 8:0" "" "&""#);
}

#[test]
fn continued_lines_of_a_table_are_joined_by_one_space() {
    let scenario = good(ALL);
    let table = scenario.lines[2].verb.table().unwrap();
    assert_eq!(
        table[0].text,
        "0 1024 multipath 1 queue_if_no_path 0 1 1 round-robin 0 2 1 8:0 1000 8:16 1000"
    );
    assert_eq!((table[0].line, table[0].column), (13, 3));
    assert_eq!((table[1].line, table[1].text.as_str()), (16, "1024 1024 zero"));
}

#[test]
fn a_column_of_a_joined_line_leads_back_to_its_own_line() {
    let scenario = good(ALL);
    let row = &scenario.lines[2].verb.table().unwrap()[0];
    let at = row.text.find("round-robin").unwrap() as u32;
    assert_eq!(row.place(row.column), (13, 3));
    assert_eq!(row.place(row.column + at), (14, 5));
    assert_eq!(row.place(row.column + at + 2), (14, 7));
    assert_eq!(TableLine::new(3, 5, "0 1 zero").place(7), (3, 7));
}

#[test]
fn a_table_in_quotes_knows_its_place() {
    let scenario = good(ALL);
    let row = &scenario.lines[3].verb.table().unwrap()[0];
    assert_eq!((row.line, row.column, row.text.as_str()), (17, 21, "0 1024 linear /dev/sda 0"));
    assert_eq!(row.place(23), (17, 23));
    assert_eq!(row.placed(), (17, 21, "0 1024 linear /dev/sda 0"));
}

#[test]
fn a_table_in_quotes_over_two_lines_leads_back_to_both() {
    let scenario = good("era: 2.6.19\ncreate mp \\\n --table \"0 8 linear \\\n    8:0 0\"\n");
    let row = &scenario.lines[0].verb.table().unwrap()[0];
    assert_eq!((row.line, row.column, row.text.as_str()), (3, 11, "0 8 linear 8:0 0"));
    assert_eq!(row.place(row.column + 4), (3, 15));
    assert_eq!(row.place(row.column + 11), (4, 5));
}

#[test]
fn a_device_without_a_table_has_none() {
    assert_eq!(good(ALL).lines[4].verb, Verb::Create { name: "mp3".to_owned(), table: None });
}

#[test]
fn options_stand_anywhere() {
    let flags = SuspendFlags { noflush: true, nolockfs: false };
    let call = Call { tag: Some("s".to_owned()), background: true };
    let expected = Verb::Suspend { name: "mp".to_owned(), flags, call };
    assert_eq!(verbs("suspend --tag s mp --noflush &"), std::slice::from_ref(&expected));
    assert_eq!(verbs("suspend mp --noflush --tag s &"), [expected]);
}

#[test]
fn words_of_a_message_are_no_options() {
    let [Verb::Message { words, .. }] = &verbs("message mp 0 --tag x")[..] else { panic!() };
    assert_eq!(words, &["--tag", "x"]);
}

#[test]
fn a_remove_may_be_deferred() {
    let call = Call { tag: Some("r".to_owned()), background: true };
    let expected = Verb::Remove { name: "mp".to_owned(), deferred: true, call };
    assert_eq!(expected.to_string(), "remove mp --deferred --tag r &");
    assert_eq!(verbs("remove --tag r --deferred mp &"), [expected]);
}

#[test]
fn a_verdict_is_any_integer_of_the_model() {
    let fault = Fault::Verdict { of: Hook::EndIo, code: Code(-128) };
    let device = "mp".to_owned();
    assert_eq!(verbs("fault verdict mp end_io -128"), [Verb::Fault { device, fault }]);
}

#[test]
fn a_disk_may_have_up_to_two_tebibytes() {
    let text = "era: 2.6.19\ndisk a 4294967296";
    let name = "a".to_owned();
    assert_eq!(good(text).lines[0].verb, Verb::Disk { name, sectors: 1 << 32, lun: None });
}

#[test]
fn a_replugged_path_can_be_used_under_its_new_name() {
    assert_eq!(verbs("unplug sda\nreplug sda as sdb\nhold sdb").len(), 3);
}

#[test]
fn the_name_of_a_removed_device_can_be_used_and_taken_again() {
    assert_eq!(verbs("remove mp\ninfo mp\ncreate mp --notable").len(), 3);
}

#[test]
fn an_io_and_a_background_call_can_be_waited_for() {
    assert_eq!(verbs("io 1 mp r 0 1\nsuspend mp --tag s &\nwait s\nwait 1").len(), 4);
}

#[test]
fn tabs_and_carriage_returns_are_white_space() {
    let plain = "era: 2.6.19\ndisk sda 8\ncreate mp\n  0 8 zero\n----\nout\n";
    let odd = "era:\t2.6.19\r\ndisk\tsda  8 \r\ncreate mp\r\n\t 0 8 zero\r\n----\r\nout\r\n";
    assert_eq!(good(odd).without_positions(), good(plain).without_positions());
}

#[test]
fn a_block_is_for_all_eras_but_those_with_a_block_of_their_own() {
    let scenario = good(ALL);
    assert_eq!(scenario.expected_for("2.6.20"), Some("one line\n\n  and # another\n"));
    assert_eq!(scenario.expected_for("series:1"), Some(""));
    assert_eq!(scenario.expected_for("series:7"), None);
    assert_eq!(scenario.expected[1].line, 74);
}

#[test]
fn output_that_was_not_recorded_is_none() {
    assert_eq!(good("era: 2.6.19\ndisk a 1\n").expected_for("2.6.19"), None);
}

#[test]
fn expected_output_is_verbatim() {
    let scenario = good("era: 2.6.19\ndisk a 1\n----\n# no prose\n -----\n-----\n\n");
    assert_eq!(scenario.expected_for("2.6.19"), Some("# no prose\n -----\n-----\n\n"));
}

#[test]
fn long_lines_are_warned_of_but_not_in_tables() {
    let long = "x".repeat(80);
    let text = format!(
        "# {long}\nera: 2.6.19\ncreate mp\n  0 8 {long}\n  0 \\\n8 {long}\n----\n{long}xx\n  {long}\n"
    );
    let warnings: Vec<String> = lint("t.scn", &text).iter().map(ToString::to_string).collect();
    let message = "the line has 82 columns, at most 72 fit";
    assert_eq!(warnings, [format!("t.scn:1:73: {message}"), format!("t.scn:8:73: {message}")]);
    assert!(lint("t.scn", ALL).is_empty());
}
