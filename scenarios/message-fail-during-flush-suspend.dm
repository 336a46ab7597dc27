# fail_if_no_path during a suspend without the flag changes nothing for
# a, which fails in any case; but the policy that the resume restores is
# that of the message.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --tag s &
message mp 0 fail_if_no_path
release sda error
wait s
resume mp
table mp
----
create mp = ok
message mp 0 fail_if_no_path = ok
io a = EIO
suspend mp --tag s = ok
resume mp = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_if_no_path = ok
suspend mp --tag s = ok
io a = EIO
resume mp = ok
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
---- kernel 6.1 6.12 rq
# rr_add_path takes 1 for every larger repeat_count.
create mp = ok
message mp 0 fail_if_no_path = ok
suspend mp --tag s = ok
io a = EIO
resume mp = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
