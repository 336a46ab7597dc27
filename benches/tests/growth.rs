//! The picture of the growth of searches is made of its figures.
use std::fs;
use std::path::Path;

use dm_benches::growth::{HEADER, rows, svg};

#[test]
fn the_picture_is_that_of_the_figures() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let csv = fs::read_to_string(docs.join("growth.csv")).expect("the figures");
    let rows = rows(&csv).expect("they are right");
    assert!(rows.len() > 15 && rows.iter().all(|row| row.states > 0.0));
    let picture = fs::read_to_string(docs.join("growth.svg")).expect("the picture");
    assert_eq!(picture, svg(&rows), "make both by the example growth");
}

#[test]
fn figures_that_are_none_are_refused_by_their_line() {
    assert_eq!(rows("states\n"), Err(format!("1: expected {HEADER}")));
    let wrong = format!("{HEADER}\nmodel,bios,1,2,3,x,yes\n");
    assert_eq!(rows(&wrong), Err("2: expected four numbers".to_owned()));
}
