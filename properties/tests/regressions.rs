//! What a search has found stays found: every trail replays and breaks the claim of its name.
use std::fs;
use std::path::Path;

use dm_properties::search::judge;
use dm_sim::world::trail::Trail;

#[test]
fn every_trail_still_breaks_its_claim() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions");
    let mut count = 0;
    for entry in fs::read_dir(directory).expect("the directory is there") {
        let path = entry.expect("it can be read").path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name");
        let claim = name.rsplit('-').next().expect("CONFIGURATION-ERA-CLAIM");
        let text = fs::read_to_string(&path).expect("it can be read");
        let trail = Trail::parse(name, &text).unwrap_or_else(|error| panic!("{error}"));
        let breaks = judge(&trail).expect("it can be judged");
        let found = breaks.iter().find(|it| it.claim.name == claim);
        assert_eq!(found.map(|it| it.step), Some(trail.actions.len()), "{name}: {breaks:?}");
        assert_eq!(trail.text().expect("it has a text"), text, "{name} is written as it is read");
        count += 1;
    }
    assert!(count >= 5, "found {count} trails");
}
