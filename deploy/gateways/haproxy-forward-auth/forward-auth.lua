-- Asks the forward-auth server whether a request may pass. Made by npm run gateways: change the policy, not this file.

local servers = {
    api = {
        { backend = 'api_forward_auth_1', url = 'http://127.0.0.1:3002/verify' },
    },
    second_api = {
        { backend = 'second_api_forward_auth_1', url = 'http://127.0.0.1:3012/verify' },
    },
}

-- HAProxy asks up to four times by itself, and each time waits for so long.
local timeout = 250

-- What forward-auth judges by. Of all other headers some would make its answer another one: Expect and If-None-Match.
local passed = {
    'authorization', 'cookie', 'x-api-key', 'origin', 'sec-fetch-site', 'access-control-request-method',
    'x-http-method-override', 'x-http-method', 'x-method-override',
}
local relayed = { 'content-type', 'www-authenticate', 'retry-after', 'cache-control', 'x-request-id' }

-- Every line of a header, in the form that the client for questions takes.
local function lines_of(values)
    local lines = {}
    for _, value in pairs(values) do lines[#lines + 1] = value end
    return lines
end

local function question_about(txn)
    local given = txn.http:req_get_headers()
    local headers = {}
    for _, name in ipairs(passed) do
        if given[name] then headers[name] = lines_of(given[name]) end
    end
    local callers = given['x-forwarded-for'] and lines_of(given['x-forwarded-for']) or {}
    callers[#callers + 1] = txn.f:src()
    headers['x-forwarded-for'] = { table.concat(callers, ', ') }
    headers['x-forwarded-method'] = { txn.f:method() }
    headers['x-forwarded-uri'] = { txn.f:pathq() }
    headers['x-forwarded-host'] = { txn.f:req_fhdr('host') }
    return headers
end

-- Those that are up; all of them where none seems to be, which is so in a process that a reload has replaced.
local function candidates(txn, service)
    local up = {}
    for _, server in ipairs(servers[service]) do
        if txn.f:nbsrv(server.backend) > 0 then up[#up + 1] = server end
    end
    return #up > 0 and up or servers[service]
end

-- The answer of the first server that gives one of its own, which it marks; none where nobody does.
local function ask(txn, service)
    local headers = question_about(txn)
    for _, server in ipairs(candidates(txn, service)) do
        local answer = core.httpclient():get{ url = server.url, headers = headers, timeout = timeout }
        local verdict = answer.headers and answer.headers['x-auth-verdict']
        if verdict then return verdict[0], answer end
    end
    return nil
end

local function refuse(txn, answer)
    local reply = txn:reply{ status = answer.status, body = answer.body }
    for _, name in ipairs(relayed) do
        for _, value in pairs(answer.headers[name] or {}) do reply:add_header(name, value) end
    end
    txn:done(reply)
end

core.register_action('forward_auth', { 'http-req' }, function(txn, service)
    local verdict, answer = ask(txn, service)
    if verdict == 'accepted' and answer.status == 200 then
        for _, name in ipairs({ 'subject', 'via', 'roles', 'client' }) do
            local values = answer.headers['x-auth-' .. name]
            txn:set_var('txn.' .. name, values and values[0] or '')
        end
        txn:set_var('txn.verdict', verdict)
    elseif verdict == 'refused' then
        refuse(txn, answer)
    end
end, 1)
