// In one file, because reading the modules and starting a sandbox takes longer than asking it.
import './answers/api-keys.js';
import './answers/authorize.js';
import './answers/code-grant.js';
import './answers/controls.js';
import './answers/entities.js';
import './answers/fidelity-checklist.js';
import './answers/introspection.js';
import './answers/login.js';
import './answers/official-client.js';
import './answers/refresh-grant.js';
import './answers/sessions.js';
import './answers/user-actions.js';
import './answers/users.js';
import './answers/what-notices-what.js';
