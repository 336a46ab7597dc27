//! `pushback doctor`: which kernels can be booted here, and what brings the rest.
use clap::Args;
use dm_oracle::kernel::{self, Kernel, images_directory};
use dm_oracle::{HOST_PROGRAMS, agent_size};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  pushback doctor
  pushback doctor --json

Exits with 0 when uml can be booted, which is what `pushback conform` needs by itself, else with 69.";

/// The images that the project's records were made with.
const IMAGES: [(&str, &str); 2] =
    [("6.1", "linux-image-6.1.0-56-amd64"), ("6.12", "linux-image-6.12.117+deb12-amd64")];

/// Say which emulators, kernels and tools are there, and the command that installs the rest
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// Something that is needed, and whether it is there.
#[derive(Serialize)]
struct Finding {
    kind: &'static str,
    what: String,
    there: bool,
    /// Where it is, or what is wrong.
    text: String,
    #[serde(skip)]
    remedy: Option<Remedy>,
}

#[derive(Clone, PartialEq, Eq)]
enum Remedy {
    /// A Debian package to install.
    Package(&'static str),
    /// A Debian package to unpack.
    Image(&'static str),
}

#[derive(Serialize)]
struct RemedyObject {
    kind: &'static str,
    command: String,
}

impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        let findings = findings();
        let command = command(&findings);
        if self.json {
            findings.iter().try_for_each(|finding| output.object(finding))?;
            if let Some(command) = command {
                output.object(&RemedyObject { kind: "remedy", command })?;
            }
        } else {
            let width = findings.iter().map(|finding| finding.what.len()).max().unwrap_or(0);
            for Finding { what, there, text, .. } in &findings {
                let there = if *there { "ok" } else { "MISSING" };
                output.line(format_args!("{what:width$}  {there:7}  {text}"))?;
            }
            output.line("")?;
            match command {
                Some(command) => {
                    output.line("as root, on Debian, this brings the rest:")?;
                    output.line(format_args!("  {command}"))?;
                }
                None => output.line("everything is there")?,
            }
        }
        let is_needed = |finding: &&Finding| !finding.what.starts_with("qemu");
        let can_boot = findings.iter().filter(is_needed).all(|finding| finding.there);
        Ok(if can_boot { Exit::Ok } else { Exit::Unavailable })
    }
}

fn findings() -> Vec<Finding> {
    let found = |what: &str, text: Result<String, String>, remedy: Option<Remedy>| Finding {
        kind: "finding",
        what: what.to_owned(),
        there: text.is_ok(),
        text: text.unwrap_or_else(|it| it),
        remedy,
    };
    let size = agent_size().map(|size| format!("{size} bytes, static"));
    let agent = size.map_err(|error| error.to_string());
    let mut findings = vec![found("the agent", agent, Some(Remedy::Package("libc6-dev")))];
    for (name, package) in HOST_PROGRAMS {
        let path = kernel::program(name).map(|path| path.display().to_string());
        let text = path.ok_or_else(|| "what every boot needs".to_owned());
        findings.push(found(name, text, Some(Remedy::Package(package))));
    }
    let release = |name: &str| match Kernel::find(name) {
        Ok(kernel) => Ok(kernel.release),
        Err(error) => Err(error.to_string()),
    };
    findings.push(found("uml", release("uml"), Some(Remedy::Package("user-mode-linux"))));
    let qemu = kernel::program("qemu-system-x86_64").map(|path| path.display().to_string());
    let has_qemu = qemu.is_some();
    let text = qemu.ok_or_else(|| "only for qemu:IMAGE".to_owned());
    findings.push(found("qemu", text, Some(Remedy::Package("qemu-system-x86"))));
    for (version, package) in IMAGES {
        let name = format!("qemu:{version}");
        let text = release(&name).or_else(|_| {
            let is_there =
                kernel::images().iter().any(|(release, _)| package.ends_with(release.as_str()));
            if is_there && !has_qemu {
                Ok(format!("{package}, unpacked"))
            } else {
                Err(format!("the Debian package {package}, unpacked"))
            }
        });
        findings.push(found(&name, text, Some(Remedy::Image(package))));
    }
    findings
}

/// One command for all that is missing.
fn command(findings: &[Finding]) -> Option<String> {
    let missing: Vec<_> =
        findings.iter().filter(|it| !it.there).filter_map(|it| it.remedy.clone()).collect();
    if missing.is_empty() {
        return None;
    }
    let mut packages: Vec<&str> = Vec::new();
    let mut steps = vec!["apt-get update".to_owned()];
    let mut images = Vec::new();
    for remedy in &missing {
        match remedy {
            Remedy::Package(package) if !packages.contains(package) => packages.push(package),
            Remedy::Package(_) => {}
            Remedy::Image(package) => images.push(*package),
        }
    }
    if !images.is_empty() && kernel::program("depmod").is_none() {
        packages.push("kmod");
    }
    if !packages.is_empty() {
        steps.push(format!("apt-get install -y {}", packages.join(" ")));
    }
    if !images.is_empty() {
        let directory = images_directory().display().to_string();
        steps.push(format!("mkdir -p {directory}"));
        steps.push(format!("cd {directory}"));
        for package in images {
            let release = package.trim_start_matches("linux-image-");
            steps.push(format!("apt-get download {package}"));
            steps.push(format!("dpkg -x {package}_*.deb {release}"));
            steps.push(format!("depmod -b {directory}/{release} {release}"));
            steps.push(format!("rm {package}_*.deb"));
        }
    }
    Some(steps.join(" && "))
}
