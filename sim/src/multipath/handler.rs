//! The hardware handlers: which arguments each takes, and how each judges an error.
//!
//! What their commands do to an array is not here: the world answers a `pg_init` with error
//! flags. Source: `dm-emc.c`, `dm-mpath-hp-sw.c` and `dm-mpath-rdac.c`, read in 2.6.24; `hp-sw`
//! and `rdac` are believed to be younger than 2.6.20.
use super::args::{Args, Param, scan_unsigned};
use super::rules::ErrorFlags;
use crate::ctr::CtrError;

/// A hardware handler of a table line. Every one of them has a `pg_init`, so a switch of the
/// group queues I/O until it has completed.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Handler {
    /// Which handler it is.
    pub kind: HandlerKind,
    /// Its arguments, as the table line has them.
    pub args: Vec<String>,
}

/// The hardware handlers that the model knows. Modules are always there to be loaded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum HandlerKind {
    /// EMC `CLARiiON`.
    Emc,
    /// HP `StorageWorks`; read in 2.6.24.
    HpSw,
    /// LSI RDAC; read in 2.6.24.
    Rdac,
}

/// Every handler.
pub const HANDLER_KINDS: [HandlerKind; 3] =
    [HandlerKind::Emc, HandlerKind::HpSw, HandlerKind::Rdac];

const COUNT: Param = Param { min: 0, max: 1024, error: "invalid number of hardware handler args" };
const CONSTRUCTOR_FAILED: &str = "hardware handler constructor failed";

impl HandlerKind {
    /// The name in a table line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Emc => "emc",
            Self::HpSw => "hp-sw",
            Self::Rdac => "rdac",
        }
    }

    /// The handler with exactly this name.
    pub fn from_name(name: &str) -> Option<Self> {
        HANDLER_KINDS.into_iter().find(|kind| kind.name() == name)
    }

    /// What the handler says of an I/O error: its `error` hook, or the default where it has none.
    ///
    /// emc and rdac ask `dm_scsi_err_handler`, whose look at the sense data is compiled out, and
    /// hp-sw has no hook: all of them fail the path, as no handler at all does.
    pub const fn error(self) -> ErrorFlags {
        match self {
            Self::Emc | Self::HpSw | Self::Rdac => ErrorFlags::FAIL_PATH,
        }
    }

    /// Whether the handler's constructor takes these arguments; `args` starts with them.
    fn create(self, count: usize, args: &Args<'_>) -> Result<bool, CtrError> {
        match self {
            Self::Emc => emc_create(count, args),
            Self::HpSw => Ok(true),
            Self::Rdac => rdac_create(count, args),
        }
    }
}

/// Takes `COUNT [NAME [ARG]*]` (`parse_hw_handler`).
///
/// # Errors
/// The kernel's, in the kernel's order.
pub fn parse_hw_handler(args: &mut Args<'_>) -> Result<Option<Handler>, CtrError> {
    let count = args.read_param(COUNT)? as usize;
    if count == 0 {
        return Ok(None);
    }
    let at = args.index_if_any();
    let Some(kind) = args.shift().and_then(HandlerKind::from_name) else {
        return Err(CtrError::invalid("unknown hardware handler type", at));
    };
    if !kind.create(count - 1, args)? {
        return Err(CtrError::invalid(CONSTRUCTOR_FAILED, at));
    }
    let words = args.consume(count - 1)?;
    Ok(Some(Handler { kind, args: words.iter().map(|&word| word.to_owned()).collect() }))
}

/// No argument, or two that are each 0 or 1: the short trespass command, and whether reservations
/// are honoured.
fn emc_create(count: usize, args: &Args<'_>) -> Result<bool, CtrError> {
    let is_flag = |offset| match args.ahead(offset) {
        Some(word) => Ok(scan_unsigned(word).is_some_and(|number| number <= 1)),
        None => Err(args.beyond_the_end("emc reads two arguments")),
    };
    Ok(match count {
        0 => true,
        2 => is_flag(0)? && is_flag(1)?,
        _ => false,
    })
}

/// No argument, or one, the timeout. The kernel reads the word *after* its only argument as the
/// timeout (`argv[1]`), which is the number of priority groups; so does the model.
fn rdac_create(count: usize, args: &Args<'_>) -> Result<bool, CtrError> {
    Ok(match count {
        0 => true,
        1 => {
            let word =
                args.ahead(1).ok_or_else(|| args.beyond_the_end("rdac reads the word after"))?;
            scan_unsigned(word).is_some()
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Handler>, CtrError> {
        let words: Vec<&str> = line.split(' ').collect();
        parse_hw_handler(&mut Args::new(&words))
    }

    fn accepted(line: &str) -> Option<HandlerKind> {
        parse(line).unwrap().map(|handler| handler.kind)
    }

    fn refused(line: &str) -> CtrError {
        parse(line).unwrap_err()
    }

    #[test]
    fn a_count_of_zero_is_no_handler() {
        assert_eq!(accepted("0 emc"), None);
    }

    #[test]
    fn a_count_that_is_no_number_is_refused() {
        let error = CtrError::invalid("invalid number of hardware handler args", Some(0));
        assert_eq!(refused("emc"), error);
        assert_eq!(refused("1025"), error);
    }

    #[test]
    fn a_handler_name_must_be_known_and_present() {
        let message = "unknown hardware handler type";
        assert_eq!(refused("1 EMC"), CtrError::invalid(message, Some(1)));
        assert_eq!(refused("1"), CtrError::invalid(message, None));
    }

    #[test]
    fn emc_takes_no_argument_or_two_flags() {
        assert_eq!(accepted("1 emc"), Some(HandlerKind::Emc));
        assert_eq!(accepted("3 emc 1 0"), Some(HandlerKind::Emc));
        for line in ["2 emc 1", "4 emc 1 0 0", "3 emc 2 0", "3 emc 0 2", "3 emc x 0"] {
            assert_eq!(refused(line), CtrError::invalid(CONSTRUCTOR_FAILED, Some(1)), "{line}");
        }
    }

    #[test]
    fn hp_sw_takes_any_arguments() {
        assert_eq!(accepted("1 hp-sw"), Some(HandlerKind::HpSw));
        assert_eq!(parse("3 hp-sw a b 1").unwrap().unwrap().args, ["a", "b"]);
    }

    #[test]
    fn rdac_reads_its_timeout_from_the_word_behind_its_argument() {
        assert_eq!(accepted("1 rdac"), Some(HandlerKind::Rdac));
        assert_eq!(accepted("2 rdac soon 1"), Some(HandlerKind::Rdac));
        let error = CtrError::invalid(CONSTRUCTOR_FAILED, Some(1));
        assert_eq!(refused("2 rdac 30 soon"), error);
        assert_eq!(refused("3 rdac 30 30"), error);
    }

    #[test]
    fn a_line_that_ends_within_the_arguments_is_said_to_stop_the_kernel() {
        for line in ["3 emc 0", "2 rdac 30", "3 hp-sw a"] {
            assert!(refused(line).message.contains("the kernel would stop here"), "{line}");
        }
    }

    #[test]
    fn every_handler_answers_an_error_by_failing_the_path() {
        for kind in HANDLER_KINDS {
            assert_eq!(kind.error(), ErrorFlags::FAIL_PATH);
            assert_eq!(HandlerKind::from_name(kind.name()), Some(kind));
        }
    }
}
