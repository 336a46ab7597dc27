# Patch 7: multipath asks the core to hold what it cannot send, both in
# its map and in its end_io: a waited in the target, b was on its way
# when the suspend came, c arrives later.
era: series:7 series:6
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io b mp w 0 8
message mp 0 fail_path /dev/sda
io a mp w 8 8
suspend mp --noflush --tag s &
io c mp w 16 8
release sda error
wait s
status mp
running sda
message mp 0 reinstate_path /dev/sda
resume mp
wait a
wait b
wait c
io r mp r 0 24
---- series:7
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = ok
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok
io b = ok
io c = ok
io r = ok, reads b*8 a*8 c*8
---- series:6
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
io b = EIO
suspend mp --noflush --tag s = ok
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io c = ok
io r = ok, reads -*16 c*8
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume finds none, and b, a and c wait in the target, so
# that `wait a` never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io b = held in the target
io a = held in the target
io c = held in the target
io r = not issued
