# As message-fail-path-during-noflush-suspend, without the flag: a
# fails. b, which came during the suspend, is held in the target after
# the resume, because there the policy is to queue again.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
suspend mp --tag s &
io b mp w 0 8
message mp 0 fail_path /dev/sda
release sda error
wait s
resume mp
table mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --tag s = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io b = held in the target
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --tag s = ok
io a = EIO
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io b = held in the target
