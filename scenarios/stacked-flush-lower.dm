# linear over multipath, flush suspend of the lower device: its I/O
# fails, and so does the upper one's, which was never suspended.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
create top
  0 1024 linear /dev/mapper/mp 512
message mp 0 fail_path /dev/sda
io a top w 0 8
suspend mp
io b top r 0 8
message mp 0 reinstate_path /dev/sda
resume mp
wait b
----
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume restores the policy, and b waits in the target
# (__map_bio).
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = ok
io a = EIO
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io b = held in the target
