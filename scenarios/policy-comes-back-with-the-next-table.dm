# After an interrupted suspend the policy is lost (F1), but a table that
# is loaded brings its own. During its implicit suspend there is no
# push-back, and b fails although the flag is set.
era: 2.6.20
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --noflush --tag s &
signal s
wait s
release sda ok
wait a
hold sda
io b mp r 0 8
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
resume mp --noflush --tag r &
release sda error
wait r
table mp
----
create mp = ok
suspend mp --noflush --tag s = EINTR
io a = ok, reads -*8
load mp = ok
io b = EIO
resume mp --noflush --tag r = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:16 1000
table mp = ok
---- kernel 6.1 6.12
# __must_push_back looks at dm_noflush_suspending only, not at the
# policy, which is lost: b is pushed back, and the new table sends it.
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
suspend mp --noflush --tag s = EINTR
io a = ok, reads -*8
load mp = ok
resume mp --noflush --tag r = ok
io b = ok, reads -*8
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:16 1
table mp = ok
