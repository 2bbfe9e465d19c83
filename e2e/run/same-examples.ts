import * as fc from 'fast-check'

/**
 * Property tests try the same examples every time, so that a build answers for its change alone and a failure can be
 * seen again. `PILOTHOUSE_SEED=random` looks for new ones; a number tries those of that seed.
 */
const asked = process.env['PILOTHOUSE_SEED']
if (asked !== 'random') fc.configureGlobal({ seed: asked === undefined ? 20_261_120 : Number(asked) })
