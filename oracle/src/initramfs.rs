//! The file system that a kernel begins with: an archive in cpio's newc format.
use std::fmt::Write as _;

const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;

/// An archive under construction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Archive {
    bytes: Vec<u8>,
    count: u32,
}

impl Archive {
    /// Adds an empty directory.
    pub(crate) fn directory(&mut self, name: &str) {
        self.entry(name, DIRECTORY | 0o755, &[]);
    }

    /// Adds a file.
    pub(crate) fn file(&mut self, name: &str, executable: bool, content: &[u8]) {
        self.entry(name, REGULAR | if executable { 0o755 } else { 0o644 }, content);
    }

    /// The whole archive.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, &[]);
        self.bytes
    }

    fn entry(&mut self, name: &str, mode: u32, content: &[u8]) {
        self.count += 1;
        let size = u32::try_from(content.len()).expect("no file is larger than 4 GB");
        let name_size = name.len() as u32 + 1;
        let mut header = String::from("070701");
        let links = if mode & DIRECTORY == DIRECTORY { 2 } else { 1 };
        let fields = [self.count, mode, 0, 0, links, 0, size, 0, 0, 0, 0, name_size, 0];
        for field in fields {
            let _ = write!(header, "{field:08x}");
        }
        self.bytes.extend(header.as_bytes());
        self.bytes.extend(name.as_bytes());
        self.bytes.push(0);
        self.pad();
        self.bytes.extend(content);
        self.pad();
    }

    fn pad(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_contents_begin_at_multiples_of_four() {
        let mut archive = Archive::default();
        archive.directory("dev");
        archive.file("init", true, b"abcde");
        let bytes = archive.finish();
        let text = String::from_utf8_lossy(&bytes);
        let places: Vec<_> = text.match_indices("070701").map(|(place, _)| place).collect();
        assert_eq!(places.len(), 3);
        assert!(places.iter().all(|place| place % 4 == 0), "{places:?}");
        let content = text.find("abcde").expect("the file is there");
        assert_eq!(content % 4, 0);
        assert!(text.ends_with("TRAILER!!!\0\0\0\0"), "{text:?}");
        let init = &text[places[1]..];
        // Size is the seventh field behind the magic, the name's size the twelfth.
        assert_eq!(&init[6 + 6 * 8..6 + 7 * 8], "00000005");
        assert_eq!(&init[6 + 11 * 8..6 + 12 * 8], "00000005");
        assert_eq!(&init[6 + 8..6 + 16], "000081ed");
    }
}
