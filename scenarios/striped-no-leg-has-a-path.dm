# striped over two multipath devices, none of which has a path, and both
# suspended with the flag. They are resumed in the other order; the
# first does not complete a, the second does.
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
message m2 0 fail_path /dev/sdb
io a top w 0 16
suspend m1 --noflush
suspend m2 --noflush
message m1 0 reinstate_path /dev/sda
message m2 0 reinstate_path /dev/sdb
resume m2
io b m2 r 0 8
wait b
resume m1
wait a
io c top r 0 16
---- 2.6.20
create m1 = ok
create m2 = ok
create top = ok
message m1 0 fail_path /dev/sda = ok
message m2 0 fail_path /dev/sdb = ok
suspend m1 --noflush = ok
suspend m2 --noflush = ok
message m1 0 reinstate_path /dev/sda = ok
message m2 0 reinstate_path /dev/sdb = ok
resume m2 = ok
io b = ok, reads a*8
resume m1 = ok
io a = ok
io c = ok, reads a*16
---- 2.6.19
create m1 = ok
create m2 = ok
create top = ok
message m1 0 fail_path /dev/sda = ok
message m2 0 fail_path /dev/sdb = ok
suspend m1 --noflush = ok
io a = EIO
suspend m2 --noflush = ok
message m1 0 reinstate_path /dev/sda = ok
message m2 0 reinstate_path /dev/sdb = ok
resume m2 = ok
io b = ok, reads -*8
resume m1 = ok
io c = ok, reads -*16
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so both paths stay
# failed: the resume of m2 restores its policy, b and m2's half of a
# wait in the target (__map_bio), and wait b never ends.
create m1 = ok
create m2 = ok
create top = ok
message m1 0 fail_path /dev/sda = ok
message m2 0 fail_path /dev/sdb = ok
suspend m1 --noflush = ok
suspend m2 --noflush = ok
message m1 0 reinstate_path /dev/sda = EBUSY
message m2 0 reinstate_path /dev/sdb = EBUSY
resume m2 = ok
resume m1 = not reached
io a = held in the target
io b = held in the target
io c = not issued
