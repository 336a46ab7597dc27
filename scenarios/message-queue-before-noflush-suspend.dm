# The policy may come from a message as well as from the table: a waits
# in the target, is pushed back, and after the resume waits there again,
# because the resume restores what the message has set.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 0 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
message mp 0 queue_if_no_path
io a mp r 0 8
suspend mp --noflush
resume mp
table mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 queue_if_no_path = ok
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io a = held in the target
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 queue_if_no_path = ok
io a = EIO
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 queue_if_no_path = ok
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the target
