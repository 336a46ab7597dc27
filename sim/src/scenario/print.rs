//! The canonical text of a scenario, which parses to an equal scenario but for its positions.
use super::{Header, Scenario, kernel};
use std::fmt;

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_prose(f, &self.prose)?;
        write!(f, "{}", self.header)?;
        writeln!(f)?;
        for line in &self.lines {
            write_prose(f, &line.prose)?;
            writeln!(f, "{}", line.text)?;
            for row in line.verb.table().unwrap_or_default() {
                writeln!(f, "  {}", row.text)?;
            }
        }
        write_prose(f, &self.afterword)?;
        for block in &self.expected {
            f.write_str("----")?;
            block.eras.iter().try_for_each(|era| write!(f, " {era}"))?;
            write!(f, "\n{}", block.text)?;
        }
        for block in &self.recorded {
            writeln!(f, "{}", kernel::rule(&block.kernels, block.mode))?;
            write_prose(f, &block.reason)?;
            f.write_str(&block.text)?;
        }
        Ok(())
    }
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.eras.is_empty() {
            writeln!(f, "era: {}", self.eras.join(" "))?;
        }
        let modes: Vec<_> = self.modes.iter().map(|mode| mode.name()).collect();
        writeln!(f, "mode: {}", modes.join(" "))?;
        self.model_only.iter().try_for_each(|reason| writeln!(f, "model-only: {reason}"))
    }
}

fn write_prose(f: &mut fmt::Formatter<'_>, prose: &[String]) -> fmt::Result {
    prose.iter().try_for_each(|text| writeln!(f, "{}", format!("# {text}").trim_end()))
}
