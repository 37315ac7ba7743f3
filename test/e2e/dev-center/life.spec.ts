// On one world, whose clock only goes forward.
import './life/credentials.js';
import './life/owners.js';
import './life/trouble.js';
import './life/review.js';
import './life/doctor.js';
import './life/local-rpc.js';
import './life/audit-trail.js';
