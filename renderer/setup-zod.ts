import { config } from 'zod';

// Before the first schema is made: zod would try `new Function` to compile its parsers, which the page's policy forbids
// and reports as a violation.
config({ jitless: true });
