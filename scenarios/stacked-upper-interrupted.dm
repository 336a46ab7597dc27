# linear over multipath, and a suspend of the upper device, which waits
# for a in the lower target, is interrupted. b, which was deferred
# meanwhile, goes down at once and waits in the lower target as well:
# its policy is not the upper device's to lose.
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
signal s
wait s
table mp
message mp 0 reinstate_path /dev/sda
wait a
wait b
io c mp r 512 16
----
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
suspend top --noflush --tag s = EINTR
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
message mp 0 reinstate_path /dev/sda = ok
io a = ok
io b = ok
io c = ok, reads a*8 b*8
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
suspend top --noflush --tag s = EINTR
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
message mp 0 reinstate_path /dev/sda = ok
io a = ok
io b = ok
io c = ok, reads a*8 b*8
