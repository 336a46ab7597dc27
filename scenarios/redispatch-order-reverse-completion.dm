# a, b and c are each with a path of their own, which answer in the
# reverse order: pushed back is in the order of the answers (N1), so
# that a is issued last and covers the others. Messages decide which
# path each takes.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
disk sdc 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 3 1 /dev/sda 1 /dev/sdb 1 /dev/sdc 1
hold sda
hold sdb
hold sdc
message mp 0 fail_path /dev/sdb
message mp 0 fail_path /dev/sdc
io a mp w 0 4
message mp 0 fail_path /dev/sda
message mp 0 reinstate_path /dev/sdb
io b mp w 2 4
message mp 0 fail_path /dev/sdb
message mp 0 reinstate_path /dev/sdc
io c mp w 4 4
message mp 0 fail_path /dev/sdc
suspend mp --noflush --tag s &
release sdc error
release sdb error
release sda error
wait s
running sda
message mp 0 reinstate_path /dev/sda
resume mp
wait a
wait b
wait c
io d mp r 0 8
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdc = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 reinstate_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdc = ok
message mp 0 fail_path /dev/sdc = ok
suspend mp --noflush --tag s = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io c = ok
io b = ok
io a = ok
io d = ok, reads a*4 b*2 c*2
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdc = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 reinstate_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdc = ok
message mp 0 fail_path /dev/sdc = ok
io c = EIO
io b = EIO
io a = EIO
suspend mp --noflush --tag s = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io d = ok, reads -*8
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume finds none, and a, b and c wait in the target, so
# that `wait a` never ends.
create mp = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdc = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 reinstate_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdc = ok
message mp 0 fail_path /dev/sdc = ok
suspend mp --noflush --tag s = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io a = held in the target
io b = held in the target
io c = held in the target
io d = not issued
