# A second path is reinstated while a noflush suspend waits for a. When
# the first path fails, a is not pushed back but goes over the second
# one at once, and the suspend ends when it is done: the target works on
# while it is being suspended.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 2 1 /dev/sda 1 /dev/sdb 1
message mp 0 fail_path /dev/sdb
hold sda
io a mp w 0 8
suspend mp --noflush --tag s &
message mp 0 reinstate_path /dev/sdb
release sda error
wait a
wait s
table mp
----
create mp = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdb = ok
io a = ok
suspend mp --noflush --tag s = ok
  0 2048 multipath 0 0 1 1 round-robin 0 2 1 8:0 1 8:16 1
table mp = ok
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdb = ok
suspend mp --noflush --tag s = ok
io a = ok
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 2 1 8:0 1 8:16 1
table mp = ok
