# A path that keeps what it is sent answers with errors once it is
# pulled out; releasing it later does not plug it in again.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
hold sda
io a d r 0 8
unplug sda
release sda ok
io b d r 0 8
replug sda
io c d r 0 8
----
create d = ok
io a = EIO
io b = EIO
io c = ok, reads -*8
