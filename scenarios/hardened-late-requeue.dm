# A REQUEUE that comes to P3 when an interrupted suspend has cleared
# NOFLUSH is -EIO in 2.6.20. Under the change of docs/hardened.md it is
# parked, and a work item of the device issues it again (RQ1..RQ4).
era: hardened 2.6.20
mode: bio
model-only: a returns between two instructions of dm_suspend

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
release sda ok
step a.0
message mp 0 reinstate_path /dev/sda
wait a
---- hardened
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = EINTR
message mp 0 reinstate_path /dev/sda = ok
io a = ok
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = EINTR
io a = EIO
message mp 0 reinstate_path /dev/sda = ok
