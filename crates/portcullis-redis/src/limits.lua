-- Decides about all charges of one request at once. KEYS holds a cell for each charge. ARGV holds the
-- charge, packed: the length of an interval or window, how many come at once, the most that may be
-- spent already, what it spends, how long its cell lives in milliseconds, and how it is counted:
-- 0 by rate, 1 in windows from the first request, 2 in windows of the epoch. The first one goes on
-- with the time at which the caller gives up, and what is to be done: 0 decide, about one charge by
-- rate; 1 decide, and say what time it is; 2 only ask; 3 give back.
--
-- A cell is four or five numbers: when its quota is whole again, until when the cell lives, then
-- interval and burst, or -1 less what is used, the window's count and its length. All times are whole
-- microseconds, below 2^53: every sum and difference here is exact.
local call, read, write = redis.call, struct.unpack, struct.pack
local clock = call('TIME')
local now = clock[1] * 1000000 + clock[2]
local length, limit, room, spend, ttl, kind, gives_up, task = read('<dddddddd', ARGV[1])
if gives_up < 0 then now = -gives_up elseif now > gives_up then return { now, 2 } end

-- The way that nearly all decisions take.
local cell
if task == 0 then
  cell = call('GET', KEYS[1])
  local debt, lives, interval, burst = 0, 0, length, limit
  if cell then
    debt, lives, interval, burst = read('dddd', cell)
    debt = debt - now
    if debt < 0 then debt = 0 end
  end
  if interval == length and burst == limit then
    if debt > room then
      -- More than all is owed only where the server's clock was set back.
      if debt > length * limit then debt = length * limit end
      return -debt
    end
    debt = debt + spend
    if now + debt < lives then
      call('SETRANGE', KEYS[1], 0, write('d', now + debt))
    else
      call('PSETEX', KEYS[1], ttl, write('dddd', now + debt, now + ttl * 1000 - 1000000, length, limit))
    end
    return debt
  end
end

-- That part of a whole, rounded up, bit by bit: the product has up to 105 of them.
local function part(whole, spent, of)
  if spent >= of then return whole end
  local bit = 1
  while bit * 2 <= whole do bit = bit * 2 end
  local quotient, rest = 0, 0
  while bit >= 1 do
    quotient = quotient * 2
    if rest >= of - rest then
      rest = rest - (of - rest)
      quotient = quotient + 1
    else
      rest = rest + rest
    end
    if whole >= bit then
      whole = whole - bit
      if rest >= of - spent then
        rest = rest - (of - spent)
        quotient = quotient + 1
      else
        rest = rest + spent
      end
    end
    bit = bit / 2
  end
  if rest > 0 then quotient = quotient + 1 end
  return quotient
end

local cells
if cell ~= nil then cells = { cell } else cells = call('MGET', unpack(KEYS)) end
local plans, reply, refuses = {}, { now, 1 }, false

for i = 1, #KEYS do
  length, limit, room, spend, ttl, kind = read('<dddddd', ARGV[i])
  local at, third, fourth, fifth, whole_in, used = now, 0, 0, 0, 0, 0
  local is_rate, is_window = false, false
  if cells[i] then
    local _
    at, _, third, fourth = read('dddd', cells[i])
    is_rate = third > 0
    is_window = not is_rate
    whole_in = at - now
    if whole_in < 0 then whole_in = 0 end
    if is_rate then
      if whole_in > third * fourth then whole_in = third * fourth end
    else
      used, fifth = -1 - third, read('d', cells[i], 33)
      if whole_in > fifth then whole_in = fifth end
    end
  end

  local plan = { key = KEYS[i], length = length, limit = limit, ttl = ttl, restates = false }
  if kind == 0 then
    local debt = 0
    if is_rate and third == length and fourth == limit then
      debt = whole_in
    elseif is_rate then
      debt = part(length * limit, whole_in, third * fourth)
      plan.restates = true
    elseif is_window then
      if whole_in > 0 then debt = part(length * limit, used, fourth) end
      plan.restates = true
    end
    plan.is_there, plan.spent, plan.ends = is_rate or is_window, debt, false
  else
    local ends = false
    if is_window and whole_in > 0 then
      ends = now + whole_in
    elseif is_rate and whole_in > 0 then
      used = part(limit, whole_in, third * fourth)
      plan.restates = true
    else
      used = 0
    end
    if not ends then
      plan.new_end = now + length
      if kind == 2 then plan.new_end = plan.new_end - math.fmod(now, length) end
      if plan.restates then ends = plan.new_end end
    else
      plan.length = fifth
    end
    plan.is_there, plan.is_window, plan.count = is_window and whole_in > 0, true, fourth
    plan.spent, plan.ends = used, ends
  end
  plan.refuses = plan.spent > room
  plan.spend = spend
  refuses = refuses or plan.refuses
  plans[i] = plan
end

local function keep(plan)
  local cell
  if plan.is_window then
    local lives = plan.ends - now
    local ttl = math.ceil(lives / 1000) + 1000
    cell = write('ddddd', plan.ends, now + lives, -1 - plan.spent, plan.limit, plan.length)
    call('PSETEX', plan.key, ttl, cell)
  else
    local at = now + plan.spent
    cell = write('dddd', at, now + plan.ttl * 1000 - 1000000, plan.length, plan.limit)
    call('PSETEX', plan.key, plan.ttl, cell)
  end
end

if task == 3 then
  for _, plan in ipairs(plans) do
    if plan.is_there then
      if plan.is_window then
        plan.limit = plan.count
        plan.spent = math.max(plan.spent - plan.spend, 0)
        keep(plan)
      else
        plan.spent = plan.spent - plan.spend
        if plan.spent > 0 then keep(plan) else call('DEL', plan.key) end
      end
    end
  end
  return { now, 1 }
end

if refuses then reply[2] = 0 end
for _, plan in ipairs(plans) do
  if not refuses and plan.spend > 0 and task ~= 2 then
    plan.spent = plan.spent + plan.spend
    plan.ends = plan.ends or plan.new_end
    keep(plan)
  elseif plan.refuses and plan.restates and task ~= 2 and plan.spend > 0 then
    keep(plan)
  end
  reply[#reply + 1] = plan.spent
  if plan.is_window then
    reply[#reply + 1] = plan.ends and plan.ends - now or 0
  end
end
return reply
