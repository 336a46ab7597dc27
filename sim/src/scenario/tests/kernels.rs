//! Blocks of real kernels: what they keep, and which kernels they are for.
use super::{ALL, good};
use crate::scenario::{Mode, Recorded, Scenario, lint};

/// A scenario in both modes with these blocks.
fn with_blocks(blocks: &str) -> Scenario {
    good(&format!("era: 2.6.20\nmode: bio rq\ndisk a 1\n{blocks}"))
}

/// What the blocks for this kernel print, each in one word.
fn outputs<'a>(scenario: &'a Scenario, release: &str, mode: Mode) -> Vec<&'a str> {
    scenario.recorded_for(release, mode).into_iter().map(|block| block.text.trim()).collect()
}

#[test]
fn a_block_of_kernels_knows_them_its_mode_its_reason_and_its_place() {
    let scenario = good(ALL);
    let bio = Recorded {
        kernels: ["6.1", "6.12.117+deb12-amd64"].map(str::to_owned).to_vec(),
        mode: Mode::Bio,
        reason: ["The function of the kernel: why it differs,", "", "  and more of it."]
            .map(str::to_owned)
            .to_vec(),
        text: "one line\n# that is no reason\n".to_owned(),
        line: 68,
    };
    let rq = Recorded {
        kernels: vec!["6.1".to_owned()],
        mode: Mode::Rq,
        reason: Vec::new(),
        text: String::new(),
        line: 75,
    };
    assert_eq!(scenario.recorded, [bio, rq]);
}

#[test]
fn blocks_of_kernels_print_behind_those_of_eras() {
    let printed = good(ALL).to_string();
    let end = "---- 2.6.19 series:1\n\
        ---- kernel 6.1 6.12.117+deb12-amd64\n\
        # The function of the kernel: why it differs,\n\
        #\n\
        #   and more of it.\n\
        one line\n\
        # that is no reason\n\
        ---- kernel 6.1 rq\n";
    assert!(printed.ends_with(end), "{printed}");
}

#[test]
fn only_what_is_above_the_output_and_in_column_1_is_the_reason() {
    let scenario = with_blocks("---- kernel 6.1\n#a\n # output\n---- kernel 6.1\n\n# output\n");
    let reasons: Vec<_> = scenario.recorded.iter().map(|block| block.reason.join("|")).collect();
    assert_eq!(reasons, ["a", ""]);
    assert_eq!(scenario.recorded[0].text, " # output\n");
    assert_eq!(scenario.recorded[1].text, "\n# output\n");
}

#[test]
fn a_version_names_all_kernels_that_have_more_behind_it() {
    let scenario = with_blocks("---- kernel 6.1\nold\n---- kernel 6.12 2.6.20\nnew\n");
    for release in ["6.1", "6.1.176", "6.1.0-56-amd64", "6.1-rc1", "6.1+"] {
        assert_eq!(outputs(&scenario, release, Mode::Bio), ["old"], "{release}");
    }
    for release in ["6.12.117+deb12-amd64", "6.12", "2.6.20", "2.6.20-generic"] {
        assert_eq!(outputs(&scenario, release, Mode::Bio), ["new"], "{release}");
    }
    for release in ["6.11", "6.120", "6.1a", "6", "16.1", "2.6.2", ""] {
        assert!(outputs(&scenario, release, Mode::Bio).is_empty(), "{release}");
    }
    assert!(outputs(&scenario, "6.1", Mode::Rq).is_empty());
}

#[test]
fn any_of_several_blocks_of_one_kernel_may_be_observed() {
    let blocks = "---- kernel 6.1\na\n---- kernel 6.1 rq\nc\n---- kernel 6.12 6.1\nb\n";
    let scenario = with_blocks(blocks);
    assert_eq!(outputs(&scenario, "6.1.176", Mode::Bio), ["a", "b"]);
    assert_eq!(outputs(&scenario, "6.12.117", Mode::Bio), ["b"]);
    assert_eq!(outputs(&scenario, "6.1.176", Mode::Rq), ["c"]);
}

#[test]
fn a_more_exact_block_overrides() {
    let blocks = "---- kernel 6.1.0-56\na\n---- kernel 6.1 6.1.0\nb\n---- kernel 6.1\nc\n\
        ---- kernel 6.1.0-56-amd64 rq\nd\n---- kernel 6.1.0-56 5.4\ne\n";
    let scenario = with_blocks(blocks);
    assert_eq!(outputs(&scenario, "6.1.0-56-amd64", Mode::Bio), ["a", "e"]);
    assert_eq!(outputs(&scenario, "6.1.0-9-amd64", Mode::Bio), ["b"]);
    assert_eq!(outputs(&scenario, "6.1.176", Mode::Bio), ["b", "c"]);
}

#[test]
fn a_file_for_request_based_kernels_alone_has_no_eras() {
    let text = "mode: rq\n\ndisk a 1\n---- kernel 6.1 rq\n# why\nout\n";
    let scenario = good(text);
    assert!(scenario.header.eras.is_empty() && scenario.expected.is_empty());
    assert_eq!(scenario.expected_for("2.6.20"), None);
    assert_eq!(outputs(&scenario, "6.1.176", Mode::Rq), ["out"]);
    assert_eq!(scenario.to_string(), text);
    assert!(good("mode: rq\ndisk a 1\n").recorded.is_empty());
}

#[test]
fn a_file_may_have_blocks_of_kernels_alone() {
    let scenario = with_blocks("---- kernel 6.1\nout\n");
    assert_eq!(scenario.expected_for("2.6.20"), None);
    assert_eq!(outputs(&scenario, "6.1", Mode::Bio), ["out"]);
}

#[test]
fn long_lines_of_a_reason_are_warned_of_but_not_what_a_kernel_prints_of_a_table() {
    let long = "x".repeat(80);
    let text = format!("mode: rq\ndisk a 1\n---- kernel 6.1 rq\n# {long}\n  {long}\n");
    let warnings: Vec<String> = lint("t.scn", &text).iter().map(ToString::to_string).collect();
    let message = "the line has 82 columns, at most 72 fit";
    assert_eq!(warnings, [format!("t.scn:4:73: {message}")]);
}
