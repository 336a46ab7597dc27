# The suspend that a resume implies is interrupted (F14): the loaded
# table is destroyed, the answer is -EINVAL, and the old table, which
# lives on, has lost its policy (F1).
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp --noflush --tag r &
signal r
wait r
table mp
release sda ok
wait a
message mp 0 fail_path /dev/sda
io b mp r 0 8
----
create mp = ok
load mp = ok
resume mp --noflush --tag r = EINVAL
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io a = ok, reads -*8
message mp 0 fail_path /dev/sda = ok
io b = EIO
---- kernel 6.1 6.12
# do_resume returns dm_suspend's error and puts new_map back (6.11, in
# both Debian kernels); 2.6.20 ignored it.
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
load mp = ok
resume mp --noflush --tag r = EINTR
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = ok, reads -*8
message mp 0 fail_path /dev/sda = ok
io b = EIO
---- kernel 6.1 6.12 rq
# do_resume returns dm_suspend's error and puts new_map back (6.11, in
# both Debian kernels); 2.6.20 ignored it.
# rr_add_path takes 1 for every larger repeat_count.
# multipath_presuspend leaves the policy alone (request-based, noflush):
# b goes back into blk-mq (must_push_back_rq, DM_MAPIO_DELAY_REQUEUE).
create mp = ok
load mp = ok
resume mp --noflush --tag r = EINTR
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = ok, reads -*8
message mp 0 fail_path /dev/sda = ok
io b = held in the core
