//! Bad text: windows and workloads are refused with file, line and what was expected.
use dm_model::mutant::Mutant;
use dm_threads::window::Window;
use dm_threads::windows;
use dm_threads::workload::round;

fn good() -> String {
    windows::find("end-tail").expect("it is there").text.to_owned()
}

fn refused(text: &str) -> String {
    Window::parse("w", text).expect_err("it is refused").to_string()
}

#[test]
fn a_window_is_refused_with_its_place() {
    let good = good();
    let swap = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        refused(&good.replace(from, to))
    };
    assert!(refused("").starts_with("w:1:1: a window needs a line"));
    assert!(swap("==== window 2.6.20", "==== window 2.6.99").contains("is not an era"));
    assert!(swap("run a", "run b").ends_with("b is no process here"));
    assert!(swap("s until S6a", "s until Q1").ends_with("s is blocked at S8d"));
    assert!(swap("a.0 until P2", "a.0 until P9").contains("a.0 ends before P9"));
    assert!(swap("thread: s\n", "thread: t\n").ends_with("t is no process here"));
    assert!(swap("thread: s\n", "thread: a.0\n").contains("two threads run the same"));
    assert!(swap("thread: s\n", "thread: script 9\n").ends_with("there are scripts 0 to 3"));
    assert!(swap("thread: s\n", "thread: s until S6a\n").ends_with("s is at S6a already"));
    assert!(swap("thread: s\n", "thread: s\nrun a\n").contains("ends where its threads begin"));
    let many = "thread: s\nthread: script 0\nthread: script 1\nthread: script 2\n";
    assert!(swap("thread: s\n", many).contains("expected 1 to 4 threads"));
    let none = good.replace("thread: s\n", "").replace("thread: a.0", "");
    assert!(refused(&none).contains("expected 1 to 4 threads"));
    assert!(swap("disk sda answers 0", "disk sdb answers 0").contains("not possible here"));
}

#[test]
fn every_truncation_of_a_window_is_read_or_refused() {
    let good = good();
    for end in (0..good.len()).filter(|end| good.is_char_boundary(*end)) {
        if let Err(error) = Window::parse("w", &good[..end]) {
            assert!(error.to_string().starts_with("w:"), "{error}");
        }
    }
}

#[test]
fn a_workload_is_refused_with_its_place() {
    let head =
        "era: 2.6.20\nmode: bio\nopen: held\n\ndisk sda 16\ncreate mp\n  0 16 linear 8:0 0\n";
    let refused = |tail: &str| {
        let text = format!("{head}{tail}");
        round("w", &text, Mutant::None).expect_err("it is refused").to_string()
    };
    assert_eq!(refused(""), "w:1:1: a workload needs scripts, each behind a line ||");
    assert!(refused("||\nio a mp r 0 8\nwait a\n").starts_with("w:10:1: wait a: a thread waits"));
    assert!(refused("||\nhold sda\n").starts_with("w:9:1: hold sda: of a path's faults"));
    let background = refused("||\nsuspend mp --tag s &\nresume mp\n");
    assert!(background.contains("a thread waits for each of its lines"), "{background}");
}
