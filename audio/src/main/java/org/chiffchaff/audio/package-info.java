/**
 * Recordings to windows: decoding, mixing to mono, resampling and cutting, streamed so that no recording need fit in
 * memory. The only place that calls FFmpeg. Must never know of models.
 */
package org.chiffchaff.audio;
