//! Trails: any text is refused at its place, or printed so that it is read again as the same trail.
use super::{FILE, check_place};
use crate::world::trail::Trail;

/// Reads a trail from any bytes.
///
/// # Panics
/// When something of the text's way is wrong: see the module.
pub fn trail(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Trail::parse(FILE, &text) {
        Err(error) => check_place(&text, error.line, error.column, &error.message),
        Ok(trail) => {
            let printed = trail.text().unwrap_or_else(|error| panic!("{error}\n{text}"));
            let again = Trail::parse(FILE, &printed);
            let again = again.unwrap_or_else(|error| panic!("{error}\n{printed}"));
            assert_eq!((again.era, &again.actions), (trail.era, &trail.actions), "{printed}");
            assert_eq!(again.text().expect("it was built before"), printed);
        }
    }
}
