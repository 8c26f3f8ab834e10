/**
 * Milliseconds within which what is stopped has ended, and what takes linear time is done: a second on a machine that
 * does nothing else; tests run beside other work, too.
 */
export const SOON = 5000;
