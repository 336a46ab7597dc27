# linear over multipath, both suspended with the flag, the upper first:
# it waits for a, which the lower target holds. The suspend of the lower
# one moves a into its core, and does not help the upper one; the resume
# of the lower one does. b waits in the upper core meanwhile.
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
suspend top --noflush --tag s &
io b top w 8 8
suspend mp --noflush
message mp 0 reinstate_path /dev/sda
resume mp
wait s
resume top
wait a
wait b
io c mp r 512 16
---- 2.6.20
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok
suspend top --noflush --tag s = ok
resume top = ok
io b = ok
io c = ok, reads a*8 b*8
---- 2.6.19
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend top --noflush --tag s = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
resume top = ok
io b = ok
io c = ok, reads -*8 b*8
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume restores the policy, and a waits in the target of
# mp (__map_bio), b in md->deferred of top (queue_io). The suspend of
# top waits for a (dm_wait_for_bios_completion), and wait s never ends.
# (top counts one of its two I/Os: the agent cannot tell which.)
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
suspend top --noflush --tag s = blocked
resume top = not reached
io a = held in the core or in the target
io b = held in the core or in the target
io c = not issued
