//! The kernels that can be booted, where they are found, and how each is started.
use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use thiserror::Error;

use crate::stores::{RAM_SECTOR_COUNT, SCSI_SECTOR_COUNT};

/// The user-mode kernel of Debian's package.
const UML: &str = "linux.uml";
/// Where Debian's package has its modules.
const UML_MODULES: &str = "/usr/lib/uml/modules";
/// The emulator of Debian's package qemu-system-x86.
const QEMU: &str = "qemu-system-x86_64";
/// Where the file system that a kernel begins with lies for the emulator: a file system of its own
/// that vanishes with it (`boot.rs`).
pub(crate) const ROOM: &str = "/dev/shm";

/// What every boot needs; what a kernel has built in is not among its modules.
const MODULES: [&str; 7] =
    ["dm-mod", "dm-multipath", "dm-round-robin", "dm-delay", "dm-zero", "brd", "loop"];
/// What a medium error needs as well.
const SCSI_MODULES: [&str; 2] = ["sd_mod", "scsi_debug"];

/// Why a kernel cannot be booted, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum KernelError {
    /// It is not named as a kernel is.
    #[error("found the kernel `{0}`, expected uml, uml:FILE or qemu:IMAGE")]
    Name(String),
    /// A program or a file is missing.
    #[error("{what} is missing: {remedy}")]
    Missing {
        /// What.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// A file is not as it should be.
    #[error("{0}")]
    File(String),
}

/// A kernel that can be booted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kernel {
    /// As the user names it: uml, or qemu: and a version.
    pub name: String,
    machine: Machine,
    /// `uname -r`, as far as it is known before the boot.
    pub release: String,
    /// Where its modules are; none where all is built in.
    modules: Option<PathBuf>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Machine {
    /// A user-mode kernel.
    Uml(PathBuf),
    /// An image in QEMU.
    Qemu(PathBuf),
}

/// A module to load: its file and its parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Module {
    pub(crate) file: PathBuf,
    pub(crate) parameters: String,
}

impl Kernel {
    /// The kernel that the user names.
    ///
    /// # Errors
    /// When there is no such kernel, or nothing to boot it with; what to install is said.
    pub fn find(name: &str) -> Result<Self, KernelError> {
        match name.split_once(':') {
            None if name == "uml" => {
                let program = program(UML).ok_or_else(|| missing(UML, "user-mode-linux"))?;
                Self::uml(name, program)
            }
            Some(("uml", file)) if !file.is_empty() => Self::uml(name, readable(file)?),
            Some(("qemu", image)) if !image.is_empty() => Self::qemu(name, image),
            Some(_) | None => Err(KernelError::Name(name.to_owned())),
        }
    }

    fn uml(name: &str, program: PathBuf) -> Result<Self, KernelError> {
        let output = Command::new(&program).arg("--version").output();
        let release = match output {
            Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
            Err(error) => {
                let message = format!("{} does not run: {error}", program.display());
                return Err(KernelError::File(message));
            }
        };
        let modules = Path::new(UML_MODULES).join(&release);
        let modules = modules.join("modules.dep").exists().then_some(modules);
        Ok(Self { name: name.to_owned(), machine: Machine::Uml(program), release, modules })
    }

    fn qemu(name: &str, image: &str) -> Result<Self, KernelError> {
        program(QEMU).ok_or_else(|| missing(QEMU, "qemu-system-x86"))?;
        let file = if image.contains('/') {
            readable(image)?
        } else {
            let found = images().into_iter().rfind(|(release, _)| {
                release
                    .strip_prefix(image)
                    .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            });
            let remedy = "`pushback doctor` says how to get one".to_owned();
            let what = format!("a kernel image {image}");
            found.ok_or(KernelError::Missing { what, remedy })?.1
        };
        let base = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(release) = base.strip_prefix("vmlinuz-").map(str::to_owned) else {
            let message = format!("found the image {base}, expected a file vmlinuz-RELEASE");
            return Err(KernelError::File(message));
        };
        let root = file.parent().and_then(Path::parent).unwrap_or(Path::new("/"));
        let modules = root.join("lib/modules").join(&release);
        if !modules.join("modules.dep").exists() {
            let what = modules.join("modules.dep").display().to_string();
            let remedy = format!("run depmod -b {} {release}", root.display());
            return Err(KernelError::Missing { what, remedy });
        }
        let (name, machine) = (name.to_owned(), Machine::Qemu(file));
        Ok(Self { name, machine, release, modules: Some(modules) })
    }

    /// The program and its arguments.
    pub(crate) fn command(&self) -> Vec<String> {
        let initramfs = format!("{ROOM}/initramfs");
        // For a RAM disk that is built in.
        let ram = format!("brd.rd_nr=1 brd.rd_size={}", RAM_SECTOR_COUNT / 2);
        let words: Vec<String> = match &self.machine {
            Machine::Uml(program) => {
                let program = program.display();
                let channels = "con=null con0=null,fd:2 con1=null,fd:1";
                let line = format!(
                    "{program} mem=256M initrd={initramfs} uml_dir={ROOM}/ {channels} \
                     root=/dev/ram0 rdinit=/init quiet {ram} pushback.channel=tty1"
                );
                return line.split_whitespace().map(str::to_owned).collect();
            }
            Machine::Qemu(image) => {
                let line = format!(
                    "{QEMU} -machine q35 -accel tcg -cpu max -smp 2 -m 512 -nodefaults -no-user-config \
                     -display none -no-reboot -initrd {initramfs} \
                     -chardev file,id=console,path=/dev/fd/2 -serial chardev:console \
                     -chardev file,id=channel,path=/dev/fd/1 -serial chardev:channel -kernel"
                );
                line.split_whitespace()
                    .map(str::to_owned)
                    .chain([image.display().to_string()])
                    .collect()
            }
        };
        let append = format!(
            "console=ttyS0 quiet panic=-1 mitigations=off nokaslr tsc=reliable rdinit=/init {ram} \
             pushback.channel=ttyS1"
        );
        [words, vec!["-append".to_owned(), append]].concat()
    }

    /// The modules to load, each after those that it depends on.
    ///
    /// # Errors
    /// When a list of modules or a module cannot be read.
    pub(crate) fn modules(&self, with_scsi: bool) -> Result<Vec<Module>, KernelError> {
        let Some(directory) = &self.modules else { return Ok(Vec::new()) };
        let read = |name: &str| {
            let file = directory.join(name);
            fs::read_to_string(&file)
                .map_err(|error| KernelError::File(format!("{}: {error}", file.display())))
        };
        let (dependencies, built_in) = (read("modules.dep")?, read("modules.builtin")?);
        let scsi = SCSI_MODULES.into_iter().filter(|_| with_scsi);
        let mut order: Vec<&str> = Vec::new();
        for name in MODULES.into_iter().chain(scsi) {
            let line = dependencies.lines().find(|line| {
                line.split_once(':').is_some_and(|(path, _)| module_name(path) == name)
            });
            let Some((path, needs)) = line.and_then(|line| line.split_once(':')) else {
                if built_in.lines().any(|path| module_name(path) == name) {
                    continue;
                }
                let message = format!("{} has no module {name}", directory.display());
                return Err(KernelError::File(message));
            };
            for path in needs.split_whitespace().rev().chain([path]) {
                if !order.contains(&path) {
                    order.push(path);
                }
            }
        }
        let module = |path: &&str| Module {
            file: directory.join(path),
            parameters: match module_name(path) {
                "brd" => format!("rd_nr=1 rd_size={}", RAM_SECTOR_COUNT / 2),
                "scsi_debug" => format!("delay=0 dev_size_mb={}", SCSI_SECTOR_COUNT / 2048),
                _ => String::new(),
            },
        };
        Ok(order.iter().map(module).collect())
    }
}

/// The images that are there: release and file, oldest release first.
pub fn images() -> Vec<(String, PathBuf)> {
    let mut directories = vec![PathBuf::from("/boot")];
    if let Ok(entries) = fs::read_dir(images_directory()) {
        directories.extend(entries.flatten().map(|entry| entry.path().join("boot")));
    }
    let entries = directories.iter().flat_map(fs::read_dir).flatten().flatten();
    let mut images: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            Some((name.strip_prefix("vmlinuz-")?.to_owned(), entry.path()))
        })
        .collect();
    images.sort_by_key(|(release, _)| numbers(release));
    images
}

/// Where `doctor` has images unpacked.
pub fn images_directory() -> PathBuf {
    let home = env::var_os("HOME").map_or_else(|| PathBuf::from("/"), PathBuf::from);
    let cache = env::var_os("XDG_CACHE_HOME").filter(|it| !it.is_empty());
    cache.map_or_else(|| home.join(".cache"), PathBuf::from).join("pushback/kernels")
}

/// The numbers of a release, which order it among others.
fn numbers(release: &str) -> Vec<u32> {
    let parts = release.split(|it: char| !it.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// The name of a module by its file: `dm-mod` of `kernel/drivers/md/dm-mod.ko.xz`.
fn module_name(path: &str) -> &str {
    let base = path.rsplit('/').next().unwrap_or(path);
    base.split_once(".ko").map_or(base, |(name, _)| name)
}

/// A program by its name on the PATH.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"].map(PathBuf::from);
    env::split_paths(&path).chain(usual).map(|it| it.join(name)).find(|it| it.is_file())
}

fn missing(what: &str, package: &str) -> KernelError {
    let remedy = format!("install the package {package} (Debian: apt-get install {package})");
    KernelError::Missing { what: what.to_owned(), remedy }
}

fn readable(file: &str) -> Result<PathBuf, KernelError> {
    let path = PathBuf::from(file);
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() => Ok(fs::canonicalize(&path).unwrap_or(path)),
        Ok(_) => Err(KernelError::File(format!("{file} is no file"))),
        Err(error) => Err(KernelError::File(format!("{file}: {error}"))),
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
