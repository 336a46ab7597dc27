# multipath answers REQUEUE because NOFLUSH is set; before the core acts
# on it, a signal interrupts the suspend and the flag is cleared. The
# core then has no place for the I/O: -EIO (KERNEL.md A.3, P3; S6').
era: 2.6.20 series:7
mode: bio
model-only: the signal comes between two instructions

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
message mp 0 fail_path /dev/sda
suspend mp --noflush --tag s &
release sda error
step a.0 until P3
signal s
wait s
step a.0
wait a
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = EINTR
io a = EIO
