/** The words of the command line, and nothing that is not about them. */
package org.chiffchaff.training.command;
