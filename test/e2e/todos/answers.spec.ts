import './answers/200.js';
import './answers/400-413-415.js';
import './answers/401.js';
import './answers/403-404-405.js';
import './answers/error-pages.js';
import './answers/409-412-422.js';
// In the end it stops the API and starts another.
import './answers/operation.js';
