//! `pushback`: the device-mapper's noflush suspend, simulated and searched from the command line.
//!
//! One subcommand a file. This crate is the only one that prints: results go to stdout, problems
//! and progress to stderr. It decides nothing about the kernel.
mod check;
mod conform;
mod demo;
mod diff;
mod doctor;
mod eras;
mod exit;
mod findings;
mod input;
mod loom;
mod mutants;
mod on_kernel;
mod output;
mod progress;
mod replay;
mod report;
mod rounds;
mod run;
mod schedules;
mod simulate;
mod timeline;
mod trails;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::{Exit, Failure};
use output::Output;

const EXAMPLES: &str = "\
Examples:
  pushback demo
  pushback run scenarios/cover-letter-noflush.dm
  pushback run scenarios/cover-letter-noflush.dm --all-schedules
  pushback check
  pushback mutants
  pushback loom
  pushback shuttle --seed 7
  pushback simulate --seed 1
  pushback conform

Exit codes:
   0  as it should be           12  a claim is broken, or the output is not as expected
  11  something is stuck        75  a limit was reached before the end
  13  a run goes on for ever
  64  usage, or bad text        74  the output cannot be written
  69  a kernel or an emulator is missing, or does not come up";

/// Simulates and searches the noflush suspend of the device-mapper: what an administrator types,
/// what the I/O sees, and every step of the kernel in between.
#[derive(Parser)]
#[command(name = "pushback", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Run(run::Arguments),
    Replay(replay::Arguments),
    Check(check::Arguments),
    Findings(findings::Arguments),
    Mutants(mutants::Arguments),
    Loom(loom::Arguments),
    Shuttle(rounds::ShuttleArguments),
    Threads(rounds::ThreadsArguments),
    Simulate(simulate::Arguments),
    Report(report::Arguments),
    Conform(conform::Arguments),
    Doctor(doctor::Arguments),
    Eras(eras::Arguments),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let is_usage = error.use_stderr();
            // Whoever closed the pipe does not want to read it.
            let _ = error.print();
            return if is_usage { Exit::Usage } else { Exit::Ok }.into();
        }
    };
    let mut writer = BufWriter::new(io::stdout().lock());
    let result = run(&cli.command, &mut writer);
    let flushed = writer.flush();
    match result.and_then(|exit| Ok(flushed.map(|()| exit)?)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            if let Some(message) = failure.message() {
                note(&format!("pushback: {message}"));
            }
            failure.exit().into()
        }
    }
}

fn run(command: &Command, writer: &mut dyn Write) -> Result<Exit, Failure> {
    match command {
        Command::Demo(arguments) => arguments.run(&mut Output::new(writer, false)),
        Command::Run(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Replay(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Check(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Findings(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Mutants(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Loom(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Shuttle(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Threads(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Simulate(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Report(arguments) => arguments.run(&mut Output::new(writer, false)),
        Command::Conform(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Doctor(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
        Command::Eras(arguments) => arguments.run(&mut Output::new(writer, arguments.json)),
    }
}

/// A line on stderr; that nobody can read it is no reason to stop.
fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
