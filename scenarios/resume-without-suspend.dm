# A resume of a device that runs says 0 and does nothing (KERNEL.md
# A.7): what waits in the target goes on waiting. The flag is for the
# suspend that a resume implies when a table is loaded, and none is.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
resume mp
resume mp --noflush
table mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
resume mp = ok
resume mp --noflush = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io a = held in the target
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
resume mp = ok
resume mp --noflush = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the target
