# A bio is parked before pending falls: P3 is before P4 (KERNEL.md A.8).
# Here its completion stops between the two; a signal then finds I/O
# pending although all of it is parked: -EINTR, and the bio is issued
# again and done before its first dm_io is through.
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
step a.0 until P4
running sda
message mp 0 reinstate_path /dev/sda
signal s
wait s
wait a
step a.0
io b mp r 0 8
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 reinstate_path /dev/sda = ok
suspend mp --noflush --tag s = EINTR
io a = ok
io b = ok, reads a*8
