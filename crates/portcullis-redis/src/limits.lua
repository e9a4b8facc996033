-- Decides about all charges of one request at once. KEYS holds a cell for each charge. ARGV holds the
-- charge, packed: the length of an interval or window, how many come at once, the most that may be
-- spent already, what it spends, how long its cell lives in milliseconds, by rate from now and in a
-- window from its end, and how it is counted: 0 by rate, 1 in windows from the first request, 2 in
-- windows of the epoch. The first one goes on with the time at which the caller gives up, and what is
-- to be done: 0 decide, about charges by rate alone; 1 decide, and say what time it is; 2 only ask;
-- 3 give back so many requests as are spent.
--
-- A cell is four numbers: when its quota is whole again, when that was written, until when the cell
-- lives at least, and the interval, or -1 less what is used of a window. Of a window follow its
-- length, its count and how it is counted. All times are whole microseconds, below 2^53, so every sum
-- and every difference here is exact.
local call, read, write = redis.call, struct.unpack, struct.pack
local clock = call('TIME')
local now = clock[1] * 1000000 + clock[2]
local length, limit, room, spend, ttl, kind, gives_up, task = read('<dddddddd', ARGV[1])
if gives_up < 0 then now = -gives_up elseif now > gives_up then return { now, 2 } end

-- The way that nearly all decisions take.
local cells
if task == 0 and #KEYS == 1 then
  local cell = call('GET', KEYS[1])
  local at, written, lives, interval = 0, 0, 0, length
  if cell then at, written, lives, interval = read('<dddd', cell) end
  if interval == length and written <= now then
    local debt = at - now
    if debt < 0 then debt = 0 end
    if debt > room then return -debt end
    debt = debt + spend
    if now + debt < lives then
      call('SETRANGE', KEYS[1], '0', write('<dd', now + debt, now))
    else
      lives = now + ttl * 1000 - 1000000
      call('PSETEX', KEYS[1], ttl, write('<dddd', now + debt, now, lives, length))
    end
    return debt
  end
  cells = { cell }
else
  cells = call('MGET', unpack(KEYS))
end

-- The same for several.
if task == 0 and #KEYS > 1 then
  local reply, ends, is_usual = { now, 1 }, {}, true
  for i = 1, #KEYS do
    length, limit, room = read('<ddd', ARGV[i])
    local at, written, lives, interval = 0, 0, 0, length
    if cells[i] then at, written, lives, interval = read('<dddd', cells[i]) end
    is_usual = is_usual and interval == length and written <= now
    local debt = at - now
    if debt < 0 then debt = 0 end
    if debt > room then reply[2] = 0 end
    reply[i + 2], ends[i] = debt, lives
  end
  if is_usual and reply[2] == 1 then
    for i = 1, #KEYS do
      length, limit, room, spend, ttl = read('<ddddd', ARGV[i])
      local debt, lives = reply[i + 2] + spend, ends[i]
      if now + debt < lives then
        call('SETRANGE', KEYS[i], '0', write('<dd', now + debt, now))
      else
        lives = now + ttl * 1000 - 1000000
        call('PSETEX', KEYS[i], ttl, write('<dddd', now + debt, now, lives, length))
      end
      reply[i + 2] = debt
    end
  end
  if is_usual then return reply end
end

-- How long a cell takes to be whole. A clock that was set back makes that no longer.
local function whole_in(at, written)
  return math.max(at - math.max(now, written), 0)
end

if task == 3 then
  for i = 1, #KEYS do
    local at, written, lives, interval, left = 0, 0, 0, 0, 0
    if cells[i] then
      at, written, lives, interval = read('<dddd', cells[i])
      left = whole_in(at, written)
    end
    local _, _, _, back = read('<dddd', ARGV[i])
    if left > 0 and interval > 0 then
      left = left - back * interval
      if left > 0 then
        call('SETRANGE', KEYS[i], '0', write('<dd', now + left, now))
      else
        call('DEL', KEYS[i])
      end
    elseif left > 0 then
      local used = math.max(-1 - interval - back, 0)
      call('SETRANGE', KEYS[i], '0', write('<dddd', now + left, now, lives, -1 - used))
    end
  end
  return { now, 1 }
end

-- The longest debt: further off nothing can be told apart, nor is it reached.
local longest = 4611686018427387

-- That part of a whole, rounded up, where it is less than all of it. The product has up to 105 bits,
-- so it is made and divided bit by bit.
local function part(whole, spent, of)
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

-- So many requests, each worth `each`, rounded up. What is beyond 2^53 on the way is beyond the
-- longest as well.
local function worth(each, spent, of)
  local rest = math.fmod(spent, of)
  local debt = each * ((spent - rest) / of)
  if rest > 0 and debt < longest then debt = debt + part(each, rest, of) end
  return math.min(debt, longest)
end

local plans, reply, refuses = {}, { now, 1 }, false

for i = 1, #KEYS do
  length, limit, room, spend, ttl, kind = read('<dddddd', ARGV[i])
  local at, written, interval, left = 0, 0, 0, 0
  local old_length, old_limit, old_kind
  if cells[i] then
    local _
    at, written, _, interval = read('<dddd', cells[i])
    left = whole_in(at, written)
  end
  local is_rate, is_window = left > 0 and interval > 0, left > 0 and interval < 0
  if is_window then old_length, old_limit, old_kind = read('<ddd', cells[i], 33) end

  -- Under another quota what was sent was sent, and a refusal keeps how that reads now.
  local plan = { key = KEYS[i], length = length, limit = limit, kind = kind, ttl = ttl }
  plan.restates = left > 0 and written > now
  if kind == 0 then
    plan.spent = 0
    if is_rate then
      plan.spent = left
      if interval ~= length then plan.spent = worth(length, left, interval) end
    elseif is_window then
      plan.spent = worth(length, -1 - interval, 1)
    end
    plan.restates = plan.restates or is_window or is_rate and interval ~= length
  else
    plan.spent, plan.new_end = 0, now + length
    if kind == 2 then plan.new_end = plan.new_end - math.fmod(now, length) end
    if is_window then
      plan.spent, plan.ends = -1 - interval, now + left
      if old_length ~= length or old_limit ~= limit or old_kind ~= kind then
        plan.ends, plan.restates = math.max(plan.ends, plan.new_end), true
      end
    elseif is_rate then
      plan.spent, plan.ends = math.min(worth(1, left, interval), 4294967295), plan.new_end
      plan.restates = true
    end
  end
  plan.spend, plan.refuses = spend, plan.spent > room
  refuses = refuses or plan.refuses
  plans[i] = plan
end

local function keep(plan)
  if plan.kind == 0 then
    ttl = math.max(plan.ttl, math.ceil(plan.spent / 1000) + 1000)
    local lives = now + ttl * 1000 - 1000000
    call('PSETEX', plan.key, ttl, write('<dddd', now + plan.spent, now, lives, plan.length))
  else
    ttl = math.ceil((plan.ends - now) / 1000) + plan.ttl
    call('PSETEX', plan.key, ttl, write('<ddddddd', plan.ends, now, plan.ends, -1 - plan.spent,
      plan.length, plan.limit, plan.kind))
  end
end

if refuses then reply[2] = 0 end
for _, plan in ipairs(plans) do
  if plan.spend > 0 and task ~= 2 then
    if not refuses then
      plan.spent = plan.spent + plan.spend
      plan.ends = plan.ends or plan.new_end
      keep(plan)
    elseif plan.refuses and plan.restates then
      keep(plan)
    end
  end
  reply[#reply + 1] = plan.spent
  if plan.kind ~= 0 then reply[#reply + 1] = plan.ends and plan.ends - now or 0 end
end
return reply
