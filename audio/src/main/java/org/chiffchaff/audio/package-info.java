/**
 * Recordings to windows: decoding, resampling, windowing, streamed so that no recording need fit in memory. The only
 * place that calls FFmpeg. Must never know of models.
 */
package org.chiffchaff.audio;
