//! The words of a table line, taken one by one as the kernel's `struct arg_set` takes them, and
//! the numbers in them as the kernel's `sscanf` reads them.
use crate::ctr::CtrError;

/// The number at the start of a word, as `sscanf(word, "%u", ..)` of the kernel reads it.
///
/// White space before the first digit is skipped, and what follows the last digit is ignored:
/// `12abc` is 12. The kernel's `%u` takes no sign, unlike the C library's: `-1` and `+1` are no
/// numbers. A number that does not fit is taken modulo 2^32: `4294967297` is 1.
/// Source: `vsscanf` and `simple_strtoul` of `lib/vsprintf.c`, read in 2.6.24.
pub fn scan_unsigned(word: &str) -> Option<u32> {
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let mut digits = word.bytes().skip_while(is_space).map_while(decimal_digit).peekable();
    digits.peek()?;
    Some(digits.fold(0_u32, |number, digit| number.wrapping_mul(10).wrapping_add(digit)))
}

/// Whether two words are the same but for the case of their letters.
///
/// `strnicmp(word, MESG_STR(name))` compares the closing NUL too, so neither may be longer.
pub fn same_word(word: &str, name: &str) -> bool {
    word.eq_ignore_ascii_case(name)
}

/// The arguments that are not taken yet.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    words: &'a [&'a str],
    taken: usize,
}

/// The range of a number, and the message that refuses one outside it (`struct param`).
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// The lowest number allowed.
    pub min: u32,
    /// The highest number allowed.
    pub max: u32,
    /// What `ti->error` says otherwise.
    pub error: &'static str,
}

impl<'a> Args<'a> {
    /// All of these words.
    pub fn new(words: &'a [&'a str]) -> Self {
        Self { words, taken: 0 }
    }

    /// How many words are left (`as->argc`).
    pub fn left(&self) -> usize {
        self.words.len() - self.taken
    }

    /// The index of the next word in the whole line.
    pub fn index(&self) -> usize {
        self.taken
    }

    /// The index of the next word, unless the line has ended.
    pub fn index_if_any(&self) -> Option<usize> {
        (self.left() > 0).then_some(self.taken)
    }

    /// The word `offset` places after the next one, which stays.
    pub fn ahead(&self, offset: usize) -> Option<&'a str> {
        self.words.get(self.taken + offset).copied()
    }

    /// Takes the next word (`shift`).
    pub fn shift(&mut self) -> Option<&'a str> {
        let word = self.ahead(0)?;
        self.taken += 1;
        Some(word)
    }

    /// Takes `count` words at once (`consume`).
    ///
    /// # Errors
    /// When fewer are left. The kernel stops with `BUG_ON` there, so the message is the model's.
    pub fn consume(&mut self, count: usize) -> Result<&'a [&'a str], CtrError> {
        if self.left() < count {
            let what = format!("{count} arguments are announced and {} are left", self.left());
            return Err(self.beyond_the_end(&what));
        }
        let words = &self.words[self.taken..self.taken + count];
        self.taken += count;
        Ok(words)
    }

    /// Takes the next word as a number in the range of `param` (`read_param`).
    ///
    /// # Errors
    /// The message of `param`, when there is no word, no number or one out of range.
    pub fn read_param(&mut self, param: Param) -> Result<u32, CtrError> {
        let at = self.index_if_any();
        self.shift()
            .and_then(scan_unsigned)
            .filter(|number| (param.min..=param.max).contains(number))
            .ok_or_else(|| CtrError::invalid(param.error, at))
    }

    /// The error of a line at whose end the kernel dereferences what is not there. No kernel
    /// message exists for it: the kernel stops.
    pub fn beyond_the_end(&self, what: &str) -> CtrError {
        let message = format!("{what}: the kernel would stop here, and the model refuses the line");
        CtrError::invalid(&message, self.index_if_any())
    }
}

fn decimal_digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_at_the_start_of_a_word_are_a_number() {
        for (word, number) in [("0", 0), ("12abc", 12), ("007", 7), ("\t 3", 3), ("1:2", 1)] {
            assert_eq!(scan_unsigned(word), Some(number), "{word:?}");
        }
    }

    #[test]
    fn a_sign_or_a_letter_first_is_no_number() {
        for word in ["", "-1", "+1", "x1", " "] {
            assert_eq!(scan_unsigned(word), None, "{word:?}");
        }
    }

    #[test]
    fn a_number_that_is_too_large_is_taken_modulo_two_to_the_32nd() {
        assert_eq!(scan_unsigned("4294967295"), Some(u32::MAX));
        assert_eq!(scan_unsigned("4294967297"), Some(1));
        assert_eq!(scan_unsigned("18446744073709551618"), Some(2));
    }

    #[test]
    fn a_name_is_compared_without_case_and_to_its_end() {
        assert!(same_word("Queue_If_No_PATH", "queue_if_no_path"));
        assert!(!same_word("queue_if_no_path2", "queue_if_no_path"));
        assert!(!same_word("queue_if_no_pat", "queue_if_no_path"));
    }

    #[test]
    fn a_missing_word_has_no_index() {
        let mut args = Args::new(&["1"]);
        let param = Param { min: 1, max: 2, error: "refused" };
        assert_eq!(args.read_param(param), Ok(1));
        assert_eq!(args.read_param(param), Err(CtrError::invalid("refused", None)));
    }
}
