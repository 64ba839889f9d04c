-- One
--[[ two
lines ]]
local function add(a, b)
  if a == nil then return 0x10 end
  local s = [==[a ]] b]==]
  print("x\n" .. s, 'y')
  return a + 1.5
end
