# linear over multipath, flush suspend of the upper device: linear has
# no queue to flush, the lower device is not suspending and goes on
# queueing. The suspend waits until a path is back, and a does not fail.
# Compare stacked-noflush-upper.
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
suspend top --tag s &
message mp 0 reinstate_path /dev/sda
wait s
resume top
wait a
io b mp r 512 8
----
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 reinstate_path /dev/sda = ok
io a = ok
suspend top --tag s = ok
resume top = ok
io b = ok, reads a*8
