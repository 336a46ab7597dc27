# striped over two multipath devices, one of them without a path. Both
# are suspended with the flag: the half of a that has a path is written,
# the other is pushed back in its own device, and a completes when that
# one is resumed.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048
create m1
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
create m2
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
create top
  0 2048 striped 2 8 /dev/mapper/m1 0 /dev/mapper/m2 0
message m1 0 fail_path /dev/sda
io a top w 0 16
suspend m1 --noflush
suspend m2 --noflush
resume m2
message m1 0 reinstate_path /dev/sda
resume m1
wait a
io b top r 0 16
---- 2.6.20
create m1 = ok
create m2 = ok
create top = ok
message m1 0 fail_path /dev/sda = ok
suspend m1 --noflush = ok
suspend m2 --noflush = ok
resume m2 = ok
message m1 0 reinstate_path /dev/sda = ok
resume m1 = ok
io a = ok
io b = ok, reads a*16
---- 2.6.19
create m1 = ok
create m2 = ok
create top = ok
message m1 0 fail_path /dev/sda = ok
io a = EIO
suspend m1 --noflush = ok
suspend m2 --noflush = ok
resume m2 = ok
message m1 0 reinstate_path /dev/sda = ok
resume m1 = ok
io b = ok, reads -*8 a*8
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume restores the policy, a half of a waits in the
# target of m1 (__map_bio), and wait a never ends.
create m1 = ok
create m2 = ok
create top = ok
message m1 0 fail_path /dev/sda = ok
suspend m1 --noflush = ok
suspend m2 --noflush = ok
resume m2 = ok
message m1 0 reinstate_path /dev/sda = EBUSY
resume m1 = ok
io a = held in the target
io b = not issued
