//! How the C library and the kernel read numbers: what they skip, take and wrap.
//!
//! Source: `lib/vsprintf.c` of 2.6.24, 64 bits wide; for dmsetup, what C says of `%llu`.

/// What the kernel's `isspace` and C's agree on.
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t'..='\r')
}

/// `sscanf(text, "%llu", &number) == 1` in the kernel: what follows the digits does not matter,
/// and a number that is too large wraps.
pub(super) fn scan_u64(text: &str) -> Option<u64> {
    let text = text.trim_start_matches(is_space);
    let (number, rest) = wrapping_digits(text);
    (rest.len() < text.len()).then_some(number)
}

/// `sscanf(text, "%u", &number) == 1` in the kernel.
pub(super) fn scan_u32(text: &str) -> Option<u32> {
    scan_u64(text).map(|number| number as u32)
}

/// `sscanf(text, "%u:%u", &major, &minor) == 2` in the kernel.
pub(super) fn scan_major_minor(text: &str) -> Option<(u32, u32)> {
    let major = scan_u32(text)?;
    let (_, rest) = wrapping_digits(text.trim_start_matches(is_space));
    Some((major, scan_u32(rest.strip_prefix(':')?)?))
}

/// `simple_strtoul(text, &end, 10)` with `*end == 0`, put into 32 bits. No digits at all are 0.
pub(super) fn whole_u32(text: &str) -> Option<u32> {
    let (number, rest) = wrapping_digits(text);
    rest.is_empty().then_some(number as u32)
}

/// `%llu` of the C library, which dmsetup uses: white space and a sign may come first, a negative
/// number wraps and one that is too large is the largest. Also gives what follows.
pub(super) fn scan_c_u64(text: &str) -> Option<(u64, &str)> {
    let text = text.trim_start_matches(is_space);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = digits.trim_start_matches(|character: char| character.is_ascii_digit());
    let digits = &digits[..digits.len() - rest.len()];
    if digits.is_empty() {
        return None;
    }
    let number = match digits.parse::<u64>() {
        Ok(number) if negative => number.wrapping_neg(),
        Ok(number) => number,
        Err(_) => u64::MAX,
    };
    Some((number, rest))
}

fn wrapping_digits(text: &str) -> (u64, &str) {
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let digits = &text[..text.len() - rest.len()];
    let number = digits
        .bytes()
        .fold(0_u64, |number, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')));
    (number, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_takes_what_stands_behind_the_digits() {
        assert_eq!(scan_u64("12abc"), Some(12));
        assert_eq!(scan_u64("0x10"), Some(0));
        assert_eq!(scan_u64("abc"), None);
        assert_eq!(scan_u64(""), None);
        assert_eq!(scan_u64("-1"), None);
    }

    #[test]
    fn the_kernel_wraps_a_number_that_is_too_large() {
        assert_eq!(scan_u64("18446744073709551617"), Some(1));
        assert_eq!(scan_u32("4294967297"), Some(1));
        assert_eq!(whole_u32("4294967298"), Some(2));
    }

    #[test]
    fn simple_strtoul_must_reach_the_end() {
        assert_eq!(whole_u32("8"), Some(8));
        assert_eq!(whole_u32("8x"), None);
        assert_eq!(whole_u32("x"), None);
    }

    #[test]
    fn the_c_library_takes_a_sign_and_saturates() {
        assert_eq!(scan_c_u64(" 5 x"), Some((5, " x")));
        assert_eq!(scan_c_u64("-1"), Some((u64::MAX, "")));
        assert_eq!(scan_c_u64("99999999999999999999 y"), Some((u64::MAX, " y")));
        assert_eq!(scan_c_u64("+x"), None);
    }

    #[test]
    fn a_device_number_may_have_anything_behind_it() {
        assert_eq!(scan_major_minor("8:16"), Some((8, 16)));
        assert_eq!(scan_major_minor("8:16x"), Some((8, 16)));
        assert_eq!(scan_major_minor("8:"), None);
        assert_eq!(scan_major_minor("/dev/sda"), None);
    }
}
