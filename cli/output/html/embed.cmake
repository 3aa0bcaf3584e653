# embed.cmake: files as C arrays with their SHA-256. usage: cmake -DOUT=FILE.h -DFILES=a.css;b.js -P embed.cmake
set(text "/*\n * Made by embed.cmake.\n */\n")
foreach(path ${FILES})
  get_filename_component(name ${path} NAME)
  string(REPLACE "." "_" name ${name})
  file(READ ${path} bytes HEX)
  file(SHA256 ${path} digest)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(..)" "0x\\1," digest "${digest}")
  string(APPEND text "static const unsigned char ${name}[] = {${bytes}};\n"
                     "static const unsigned char ${name}_sha256[] = {${digest}};\n")
endforeach()
file(WRITE ${OUT} "${text}")
