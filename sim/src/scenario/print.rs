//! The canonical text of a scenario, which parses to an equal scenario but for its positions.
use super::{Header, Scenario};
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
        Ok(())
    }
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "era: {}", self.eras.join(" "))?;
        writeln!(f, "mode: {}", self.mode.name())?;
        self.model_only.iter().try_for_each(|reason| writeln!(f, "model-only: {reason}"))
    }
}

fn write_prose(f: &mut fmt::Formatter<'_>, prose: &[String]) -> fmt::Result {
    prose.iter().try_for_each(|text| writeln!(f, "{}", format!("# {text}").trim_end()))
}
