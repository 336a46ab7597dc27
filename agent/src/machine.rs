//! The machine around the scenarios: file systems, modules, device nodes, loop devices, power.
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use nix::kmod::{ModuleInitFlags, finit_module};
use nix::mount::{MsFlags, mount};
use nix::sys::reboot::{RebootMode, reboot};
use nix::sys::stat::{Mode, SFlag, makedev, mknod};

use crate::sys;

/// Where the host has put the modules, in the order in which they are to be loaded.
const MODULES: &str = "/modules";
const LOOP_SET_FD: u32 = 0x4c00;
const LOOP_CLR_FD: u32 = 0x4c01;
const LOOP_SET_DIRECT_IO: u32 = 0x4c08;
const LOOP_CTL_GET_FREE: u32 = 0x4c82;
/// `MODULE_INIT_COMPRESSED_FILE`.
const COMPRESSED: u32 = 4;

/// Mounts what a first process has to mount.
///
/// # Errors
/// What the kernel answers.
pub(crate) fn mount_all() -> io::Result<()> {
    let mounts = [("proc", "/proc"), ("sysfs", "/sys"), ("devtmpfs", "/dev")];
    for (kind, place) in mounts {
        fs::create_dir_all(place)?;
        mount(Some(kind), place, Some(kind), MsFlags::empty(), None::<&str>)?;
    }
    fs::create_dir_all("/dev/mapper")
}

/// Loads the modules that the host has listed: a line each, the file and its parameters.
///
/// # Errors
/// The file that was refused, and why.
pub(crate) fn load_modules() -> Result<(), String> {
    let list = fs::read_to_string(format!("{MODULES}/order")).map_err(|it| it.to_string())?;
    for line in list.lines() {
        let (file, parameters) = line.split_once(' ').unwrap_or((line, ""));
        load_module(file, parameters).map_err(|error| format!("module {file}: {error}"))?;
    }
    Ok(())
}

fn load_module(name: &str, parameters: &str) -> io::Result<()> {
    let file = File::open(Path::new(MODULES).join(name))?;
    let parameters = std::ffi::CString::new(parameters)?;
    let is_plain = Path::new(name).extension().is_some_and(|it| it == "ko");
    let flags = if is_plain { 0 } else { COMPRESSED };
    match finit_module(&file, &parameters, ModuleInitFlags::from_bits_retain(flags)) {
        Ok(()) | Err(nix::errno::Errno::EEXIST) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The kernel's release and version, as `uname -r` and `uname -v` print them.
pub(crate) fn kernel() -> (String, String) {
    let read = |name: &str| {
        let text = fs::read_to_string(format!("/proc/sys/kernel/{name}"));
        text.map_or_else(|error| error.to_string(), |text| text.trim().to_owned())
    };
    (read("osrelease"), read("version"))
}

/// Makes a node for the block device of this number, in place of one that is there.
///
/// # Errors
/// What the kernel answers.
pub(crate) fn make_node(path: &str, (major, minor): (u32, u32)) -> io::Result<()> {
    remove_node(path)?;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    Ok(mknod(path, SFlag::S_IFBLK, mode, makedev(major.into(), minor.into()))?)
}

/// Takes a node away, if it is there.
///
/// # Errors
/// What the kernel answers.
pub(crate) fn remove_node(path: &str) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The number of a block device by its name in sysfs.
///
/// # Errors
/// When there is no such device.
pub(crate) fn block_device(name: &str) -> io::Result<(u32, u32)> {
    let text = fs::read_to_string(format!("/sys/class/block/{name}/dev"))?;
    let numbers = text.trim().split_once(':');
    let numbers =
        numbers.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    numbers.ok_or_else(|| io::Error::other(format!("{name} has the number {text}")))
}

/// The name of the disk of scsi_debug.
///
/// # Errors
/// When it does not come within some seconds.
pub(crate) fn scsi_disk() -> io::Result<String> {
    for _ in 0..3000 {
        for entry in fs::read_dir("/sys/class/block")? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with("sd") {
                return Ok(name);
            }
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err(io::Error::other("scsi_debug has no disk"))
}

/// A loop device with direct I/O over a block device: its number.
///
/// # Errors
/// What the kernel answers.
pub(crate) fn attach_loop(backing: &str) -> io::Result<u32> {
    let control = File::open("/dev/loop-control")?;
    let number = sys::ioctl_number(control.as_fd(), LOOP_CTL_GET_FREE, 0)?;
    let device = format!("/dev/loop{number}");
    if !Path::new(&device).exists() {
        make_node(&device, (7, number))?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    let device = options.open(&device)?;
    let backing = options.custom_flags(nix::libc::O_DIRECT).open(backing)?;
    let number_of_backing = u64::try_from(backing.as_raw_fd()).map_err(io::Error::other)?;
    sys::ioctl_number(device.as_fd(), LOOP_SET_FD, number_of_backing)?;
    sys::ioctl_number(device.as_fd(), LOOP_SET_DIRECT_IO, 1)?;
    Ok(number)
}

/// Takes the backing device of a loop device away.
///
/// # Errors
/// What the kernel answers.
pub(crate) fn detach_loop(number: u32) -> io::Result<()> {
    let device = File::open(format!("/dev/loop{number}"))?;
    sys::ioctl_number(device.as_fd(), LOOP_CLR_FD, 0).map(|_| ())
}

/// Ends the machine.
pub(crate) fn power_off() -> ! {
    let _ = reboot(RebootMode::RB_POWER_OFF);
    loop {
        thread::sleep(Duration::from_secs(1));
    }
}
