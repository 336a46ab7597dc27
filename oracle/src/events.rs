//! What the agent reports, line by line.
use dm_sim::world::outcome::Info;

/// One observation inside a kernel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// The agent runs: `uname -r` and `uname -v`.
    Ready(String, String),
    /// The agent cannot do its work.
    Broken(String),
    /// The machine is about to power off.
    Off,
    /// A scenario begins.
    Begin(String),
    /// A device, or the path that names it, and its number.
    Device(String, String),
    /// The line of this number begins.
    Step(u32),
    /// The call of this line has returned this.
    Call(u32, String),
    /// The call of this line shows this.
    Text(u32, String),
    /// What `DM_DEV_STATUS` tells.
    Info(u32, Info),
    /// An I/O has ended with this; a read has brought these tokens.
    Io(String, String, Vec<u8>),
    /// A wait is never over.
    Stuck(u32),
    /// At the end of the lines this is under way.
    Pending(String),
    /// From here on what holds I/O is taken away.
    Drain,
    /// A device has as many I/Os under way.
    Inflight(String, u32),
    /// The kernel says that it is at fault.
    Bug(String),
    /// A line of the block tracepoints.
    Trace(String),
    /// What is no part of the scenario has failed.
    Trouble(String),
    /// The scenario is over; whether nothing of it is left.
    End(String, bool),
}

/// Reads a line of the channel; `None` when it is none of the agent's.
pub fn parse(line: &str) -> Option<Event> {
    let mut fields = line.trim_end_matches(['\r', '\n']).strip_prefix('@')?.split('\t');
    let kind = fields.next()?;
    let fields: Vec<&str> = fields.collect();
    let text = |index: usize| fields.get(index).map(|it| (*it).to_owned());
    let number = |index: usize| fields.get(index)?.parse::<u32>().ok();
    let yes = |index: usize| Some(*fields.get(index)? == "1");
    Some(match kind {
        "ready" => Event::Ready(text(0)?, text(1)?),
        "broken" => Event::Broken(text(0)?),
        "off" => Event::Off,
        "begin" => Event::Begin(text(0)?),
        "dev" => Event::Device(text(0)?, text(1)?),
        "step" => Event::Step(number(0)?),
        "call" => Event::Call(number(0)?, text(1)?),
        "text" => Event::Text(number(0)?, text(1)?),
        "info" => Event::Info(
            number(0)?,
            Info {
                suspended: yes(1)?,
                live: yes(2)?,
                inactive: yes(3)?,
                open_count: number(4)?,
                event_nr: number(5)?,
            },
        ),
        "io" => {
            let tokens = fields.get(2)?.split(',').filter(|token| !token.is_empty());
            let tokens = tokens.map(|token| token.parse::<u8>().ok()).collect::<Option<_>>()?;
            Event::Io(text(0)?, text(1)?, tokens)
        }
        "stuck" => Event::Stuck(number(0)?),
        "pending" => Event::Pending(text(0)?),
        "drain" => Event::Drain,
        "inflight" => Event::Inflight(text(0)?, number(1)?),
        "bug" => Event::Bug(text(0)?),
        "trace" => Event::Trace(text(0)?),
        "trouble" => Event::Trouble(format!("line {}: {}", text(0)?, text(1)?)),
        "end" => Event::End(text(0)?, fields.get(1)? == &"clean"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_agents_is_nothing() {
        let lines = ["", "[    0.1] boot", "@", "@call\t7", "@call\tx\tok", "@io\ta\tok\t1,x"];
        for line in lines {
            assert_eq!(parse(line), None, "{line}");
        }
        let line = "@io\ta\tok\t1,0,255\r";
        assert_eq!(parse(line), Some(Event::Io("a".into(), "ok".into(), vec![1, 0, 255])));
    }
}
