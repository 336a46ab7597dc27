# linear over multipath, noflush suspend of the upper device: linear has
# nothing to hand back, and the lower device is not suspending, so that
# its target goes on queueing. The suspend waits until a path is back;
# b arrives meanwhile and waits in the upper core.
era: 2.6.20 2.6.19
mode: bio rq

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
status mp
message mp 0 reinstate_path /dev/sda
wait s
resume top
wait b
io c mp r 512 16
----
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
io a = ok
suspend top --noflush --tag s = ok
resume top = ok
io b = ok
io c = ok, reads a*8 b*8
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
suspend top --noflush --tag s = ok
io a = ok
resume top = ok
io b = ok
io c = ok, reads a*8 b*8
---- kernel 6.1 6.12 rq
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
create top = ok
message mp 0 fail_path /dev/sda = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
suspend top --noflush --tag s = ok
io a = ok
resume top = ok
io b = ok
io c = ok, reads a*8 b*8
