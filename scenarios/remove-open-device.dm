# A device that is open is not removed: -EBUSY. The application that
# made a has it open until a is done. After the remove the name is
# unknown.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create d
  0 2048 linear /dev/sda 0
hold sda
io a d r 0 8
remove d
release sda ok
wait a
remove d
status d
info d
remove d
----
create d = ok
remove d = EBUSY
io a = ok, reads -*8
remove d = ok
status d = ENXIO
  Device does not exist.
remove d = ENXIO
