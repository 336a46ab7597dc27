//! What a scenario says for real kernels: the model takes it, or refuses it with a place.
use dm_model::era::Era;
use dm_sim::world::config::Configuration;
use dm_sim::world::schedule::transcript;

/// What a text prints, or why it is refused.
fn run(text: &str) -> String {
    let world = Configuration::parse("t.dm", text).and_then(|it| it.world(Era::Linux2_6_20));
    match world {
        Ok(world) => transcript(world).join("\n"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_scenario_without_eras_is_refused_at_its_first_line() {
    assert_eq!(
        run("# For real kernels alone.\nmode: rq\ndisk sda 8\n---- kernel 6.1 rq\n"),
        "t.dm:3:1: mode rq: the eras of the model are bio-based"
    );
}

#[test]
fn a_mode_that_no_era_has_is_taken_beside_one_that_all_have() {
    let lines = "disk sda 8\ncreate d --notable\n";
    for modes in ["bio rq", "rq bio"] {
        assert_eq!(run(&format!("era: 2.6.20\nmode: {modes}\n{lines}")), "create d --notable = ok");
    }
    assert_eq!(
        run(&format!("mode: bio rq\n{lines}")),
        "t.dm:2:1: found `disk`, expected the header line `era:` before all verbs"
    );
}

#[test]
fn blocks_of_real_kernels_are_not_expected_of_an_era() {
    let text = "era: 2.6.20\ncreate d --notable\n---- kernel 2.6.20\n# why\nout\n";
    let configuration = Configuration::parse("t.dm", text).expect("it is a scenario");
    assert_eq!(configuration.scenario.expected_for("2.6.20"), None);
    assert_eq!(run(text), "create d --notable = ok");
}

#[test]
fn no_era_knows_a_deferred_remove() {
    let top = "era: 2.6.20\ndisk sda 2048\ncreate d\n  0 2048 linear 8:0 0\n";
    let remove = "remove d --deferred";
    let lines = format!("hold sda\nio a d r 0 8\n{remove}\nrelease sda ok\nwait a\n{remove}\n");
    assert_eq!(
        run(&format!("{top}{lines}")),
        "create d = ok\n\
         remove d --deferred = EBUSY\n\
         io a = ok, reads -*8\n\
         remove d --deferred = ok"
    );
}
